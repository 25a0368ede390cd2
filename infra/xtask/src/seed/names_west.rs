//! Name parts of Europe and the Americas: `native/katakana`, or `native/Latin/katakana` where the
//! Latin form is more than the native one without accents. Put together by chance.

/// Family names of the English-speaking countries.
pub const ENGLISH_FAMILY: &str = "
Carter/カーター Bennett/ベネット Hughes/ヒューズ Whitfield/ホイットフィールド Callahan/キャラハン Price/プライス Sullivan/サリヴァン Mercer/マーサー Ellison/エリソン Grant/グラント
Foster/フォスター Holloway/ホロウェイ Brooks/ブルックス Delaney/デラニー Marsh/マーシュ Okafor/オカフォー Ramirez/ラミレス Novak/ノヴァク Sinclair/シンクレア Thornton/ソーントン
Pemberton/ペンバートン Hartley/ハートリー Quinn/クイン Baxter/バクスター Fairchild/フェアチャイルド Lindqvist/リンドクヴィスト Osborne/オズボーン Chaudhry/チョードリー Tremblay/トランブレー Walsh/ウォルシュ";
/// Given names of the English-speaking countries.
pub const ENGLISH_GIVEN: &str = "
Emily/エミリー James/ジェームズ Olivia/オリヴィア Daniel/ダニエル Grace/グレース Michael/マイケル Hannah/ハンナ Andrew/アンドリュー Chloe/クロエ Marcus/マーカス
Rachel/レイチェル Tyler/タイラー Naomi/ナオミ Owen/オーウェン Jasmine/ジャスミン Patrick/パトリック Lauren/ローレン Simon/サイモン Imogen/イモジェン Gareth/ガレス
Alicia/アリシア Jordan/ジョーダン Fiona/フィオナ Nathan/ネイサン Zoe/ゾーイ Dominic/ドミニク Tessa/テッサ Elliot/エリオット";

/// French family names.
pub const FRENCH_FAMILY: &str = "
Moreau/モロー Lefèvre/ルフェーヴル Girard/ジラール Rousseau/ルソー Fontaine/フォンテーヌ Chevalier/シュヴァリエ Bénard/ベナール Dubreuil/デュブルイユ Marchand/マルシャン Perrot/ペロー Delacroix/ドラクロワ Vasseur/ヴァスール";
/// French given names.
pub const FRENCH_GIVEN: &str = "
Claire/クレール François/フランソワ Élodie/エロディ Mathieu/マチュー Camille/カミーユ Jérôme/ジェローム Aurélie/オレリー Nicolas/ニコラ Hélène/エレーヌ Baptiste/バティスト Inès/イネス Théo/テオ";

/// German family names.
pub const GERMAN_FAMILY: &str = "
Müller/ミュラー Schäfer/シェーファー Weber/ヴェーバー Köhler/ケーラー Hoffmann/ホフマン Brandt/ブラント Krüger/クリューガー Vogel/フォーゲル Lindner/リントナー Bergmann/ベルクマン";
/// German given names.
pub const GERMAN_GIVEN: &str = "
Katharina/カタリーナ Jürgen/ユルゲン Anja/アーニャ Sebastian/ゼバスティアン Lena/レーナ Matthias/マティアス Ulrike/ウルリケ Tobias/トビアス Franziska/フランツィスカ Jörg/イェルク";

/// Spanish family names, of Spain, Mexico and Argentina.
pub const SPANISH_FAMILY: &str = "
García/ガルシア Hernández/エルナンデス Ortega/オルテガ Muñoz/ムニョス Castaño/カスターニョ Vidal/ビダル Fuentes/フエンテス Ibáñez/イバニェス Quiroga/キロガ Robledo/ロブレド Serrano/セラーノ Peralta/ペラルタ";
/// Spanish given names.
pub const SPANISH_GIVEN: &str = "
María/マリア Alejandro/アレハンドロ Lucía/ルシア Javier/ハビエル Sofía/ソフィア Andrés/アンドレス Valentina/バレンティナ Íñigo/イニゴ Ximena/ヒメナ Joaquín/ホアキン Rocío/ロシオ Mateo/マテオ";

/// Brazilian family names.
pub const BRAZIL_FAMILY: &str = "
Silveira/シルヴェイラ Carvalho/カルヴァーリョ Araújo/アラウージョ Nogueira/ノゲイラ Teixeira/テイシェイラ Guimarães/ギマランイス Tanaka/タナカ Barbosa/バルボーザ Queiroz/ケイロス Monteiro/モンテイロ";
/// Brazilian given names.
pub const BRAZIL_GIVEN: &str = "
Beatriz/ベアトリス João/ジョアン Letícia/レチシア Thiago/チアゴ Camila/カミラ Rodrigo/ロドリゴ Júlia/ジュリア Felipe/フェリペ Fernanda/フェルナンダ Caio/カイオ";

/// Italian family names.
pub const ITALY_FAMILY: &str = "Ferrari/フェラーリ Colombo/コロンボ Ricci/リッチ Marchetti/マルケッティ Gallo/ガッロ Bianchi/ビアンキ Moretti/モレッティ Serra/セッラ";
/// Italian given names.
pub const ITALY_GIVEN: &str = "Giulia/ジュリア Lorenzo/ロレンツォ Chiara/キアラ Niccolò/ニッコロ Elisa/エリーザ Davide/ダヴィデ Martina/マルティーナ Emanuele/エマヌエーレ";

/// Dutch family names.
pub const DUTCH_FAMILY: &str = "van_Dijk/ファン_ダイク de_Vries/デ_フリース Bakker/バッケル Visser/フィッセル Hoekstra/フークストラ Mulder/ムルデル van_der_Meer/ファン_デル_メール Kuipers/カイペルス";
/// Dutch given names.
pub const DUTCH_GIVEN: &str =
    "Sanne/サンネ Daan/ダーン Femke/フェムケ Joost/ヨースト Lotte/ロッテ Bram/ブラム Marijke/マライケ Ruben/ルーベン";

/// Swedish family names.
pub const SWEDEN_FAMILY: &str = "Lindström/リンドストレム Bergström/ベリストレム Sjöberg/シェーベリ Nyström/ニューストレム Åkesson/オーケソン Holm/ホルム Ekdahl/エークダール Wallin/ヴァリーン";
/// Swedish given names.
pub const SWEDEN_GIVEN: &str =
    "Åsa/オーサ Erik/エーリク Linnéa/リネーア Björn/ビョルン Maja/マヤ Gustav/グスタフ Elin/エーリン Anders/アンデシュ";

/// Finnish family names.
pub const FINLAND_FAMILY: &str = "Mäkinen/マキネン Virtanen/ヴィルタネン Hämäläinen/ハマライネン Korhonen/コルホネン Lehtonen/レヘトネン Salmi/サルミ";
/// Finnish given names.
pub const FINLAND_GIVEN: &str = "Aino/アイノ Mikko/ミッコ Päivi/パイヴィ Jukka/ユッカ Saara/サーラ Antti/アンッティ";

/// Polish family names, the same for women and men.
pub const POLAND_FAMILY: &str =
    "Nowak/ノヴァク Wójcik/ヴイチク Zając/ザヨンツ Kaczmarek/カチュマレク Michalak/ミハラク Wróbel/ヴルベル";
/// Polish given names.
pub const POLAND_GIVEN: &str =
    "Agnieszka/アグニェシュカ Łukasz/ウカシュ Małgorzata/マウゴジャタ Paweł/パヴェウ Zofia/ゾフィア Kamil/カミル";

/// Ukrainian family names, the same for women and men.
pub const UKRAINE_FAMILY: &str = "Коваленко/Kovalenko/コヴァレンコ Шевчук/Shevchuk/シェウチュク Бондаренко/Bondarenko/ボンダレンコ Ткачук/Tkachuk/トカチュク Мельник/Melnyk/メリニク Гончар/Honchar/ホンチャル";
/// Ukrainian given names.
pub const UKRAINE_GIVEN: &str = "Олена/Olena/オレーナ Андрій/Andrii/アンドリー Дарина/Daryna/ダリーナ Максим/Maksym/マクシム Ірина/Iryna/イリーナ Тарас/Taras/タラス";
