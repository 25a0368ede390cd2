//! Words that artists' names are made of: `native/Latin/katakana`, `_` for a space inside a word.
//! Invented combinations; persons' names come from `names_*.rs`, the putting together is in
//! `artists.rs`.

/// First half of a Japanese band's name.
pub const BAND_FIRST: &str = "
夜明けの/Yoake_no_/ヨアケノ 路地裏/Rojiura_/ロジウラ 真昼の/Mahiru_no_/マヒルノ 硝子の/Garasu_no_/ガラスノ 雨音/Amaoto_/アマオト
西口/Nishiguchi_/ニシグチ 三日月/Mikazuki_/ミカヅキ 放課後/Hokago_/ホウカゴ 深夜/Shinya_/シンヤ 忘れられた/Wasurerareta_/ワスレラレタ
透明な/Tomei_na_/トウメイナ 海辺の/Umibe_no_/ウミベノ 錆びた/Sabita_/サビタ 七色/Nanairo_/ナナイロ 丘の上の/Oka_no_Ue_no_/オカノウエノ
終電/Shuden_/シュウデン 逆さまの/Sakasama_no_/サカサマノ 遠い/Toi_/トオイ 灰色/Haiiro_/ハイイロ 春待ち/Harumachi_/ハルマチ
午前三時の/Gozen_Sanji_no_/ゴゼンサンジノ 月曜日の/Getsuyobi_no_/ゲツヨウビノ 眠らない/Nemuranai_/ネムラナイ 白夜/Byakuya_/ビャクヤ
坂道の/Sakamichi_no_/サカミチノ 夕立/Yudachi_/ユウダチ 迷子の/Maigo_no_/マイゴノ 琥珀/Kohaku_/コハク";

/// Second half of a Japanese band's name.
pub const BAND_SECOND: &str = "
灯台/Todai/トウダイ 観覧車/Kanransha/カンランシャ 望遠鏡/Boenkyo/ボウエンキョウ 交差点/Kosaten/コウサテン 郵便局/Yubinkyoku/ユウビンキョク
水族館/Suizokukan/スイゾクカン 回転木馬/Kaitenmokuba/カイテンモクバ 給水塔/Kyusuito/キュウスイトウ 喫茶店/Kissaten/キッサテン 天文台/Tenmondai/テンモンダイ
飛行船/Hikosen/ヒコウセン 自転車/Jitensha/ジテンシャ 遊園地/Yuenchi/ユウエンチ 商店街/Shotengai/ショウテンガイ 停留所/Teiryujo/テイリュウジョ
映写機/Eishaki/エイシャキ 楽隊/Gakutai/ガクタイ 図書室/Toshoshitsu/トショシツ 風船/Fusen/フウセン 測候所/Sokkojo/ソッコウジョ
万華鏡/Mangekyo/マンゲキョウ 金魚/Kingyo/キンギョ 温室/Onshitsu/オンシツ 踏切/Fumikiri/フミキリ 街灯/Gaito/ガイトウ 潜水艦/Sensuikan/センスイカン";

/// First word of an English band name as Japanese bands like them.
pub const ENGLISH_FIRST: &str = "
Velvet/ヴェルヴェット Plastic/プラスチック Sleepy/スリーピー Crystal/クリスタル Cardboard/カードボード Neon/ネオン Gentle/ジェントル Concrete/コンクリート
Salty/ソルティ Analog/アナログ Lazy/レイジー Frozen/フローズン Tiny/タイニー Burning/バーニング Shy/シャイ Pale/ペイル Rusty/ラスティ Cosmic/コズミック
Silent/サイレント Lemon/レモン Midnight/ミッドナイト Wooden/ウッデン";

/// Second word of an English band name.
pub const ENGLISH_SECOND: &str = "
Lanterns/ランタンズ Umbrellas/アンブレラズ Escalator/エスカレーター Foxes/フォクシーズ Typewriters/タイプライターズ Balcony/バルコニー Penguins/ペンギンズ
Telescope/テレスコープ Laundry/ランドリー Cassettes/カセッツ Sidewalk/サイドウォーク Marbles/マーブルズ Elevator/エレベーター Picnic/ピクニック
Postcards/ポストカーズ Thunder/サンダー Pajamas/パジャマズ Antenna/アンテナ Garage/ガレージ Satellites/サテライツ Whales/ホエールズ Carousel/カルーセル";

/// First half of an idol group's name.
pub const IDOL_FIRST: &str = "
きらめき/Kirameki_/キラメキ 放課後/Hokago_/ホウカゴ 桜色/Sakurairo_/サクライロ ひだまり/Hidamari_/ヒダマリ 金平糖/Konpeito_/コンペイトウ 虹いろ/Nijiiro_/ニジイロ
ときめき/Tokimeki_/トキメキ 青春/Seishun_/セイシュン 魔法/Maho_/マホウ 恋する/Koisuru_/コイスル 真夏の/Manatsu_no_/マナツノ ふわり/Fuwari_/フワリ";

/// Second half of an idol group's name.
pub const IDOL_SECOND: &str = "
シンフォニア/Sinfonia/シンフォニア パレット/Palette/パレット クローバー/Clover/クローバー 少女隊/Shojotai/ショウジョタイ マーチ/March/マーチ プリズム/Prism/プリズム
シロップ/Syrup/シロップ アンサンブル/Ensemble/アンサンブル 交響楽/Kokyogaku/コウキョウガク リボン/Ribbon/リボン ステップ/Step/ステップ カーニバル/Carnival/カーニバル";

/// Names of producers with a singing synthesizer, before the customary P.
pub const PRODUCER: &str = "
ねむり/Nemuri_/ネムリ 豆電球/Mamedenkyu_/マメデンキュウ さかな/Sakana_/サカナ 終末/Shumatsu_/シュウマツ ゼロ番線/Zero_Bansen_/ゼロバンセン 炭酸/Tansan_/タンサン
電卓/Dentaku_/デンタク 綿雲/Watagumo_/ワタグモ 猫背/Nekoze_/ネコゼ 夜更かし/Yofukashi_/ヨフカシ 透過/Toka_/トウカ もなか/Monaka_/モナカ 八月/Hachigatsu_/ハチガツ 余白/Yohaku_/ヨハク";

/// Names of electronic projects, in Latin letters.
pub const PROJECT: &str = "
mizutori/ミズトリ komorebi_unit/コモレビ_ユニット asagiri/アサギリ kaze_no_denchi/カゼノデンチ nagi.wav/ナギ_ウェーブ yukiakari/ユキアカリ
tokei/トケイ hokkyoku/ホッキョク usagi_circuit/ウサギ_サーキット shiosai/シオサイ kagerou_lab/カゲロウ_ラボ suiren/スイレン rokuon/ロクオン
hakobune/ハコブネ tsukiyo_modular/ツキヨ_モジュラー amagasa/アマガサ";

/// Names of classical and traditional ensembles, before the kind of ensemble.
pub const ENSEMBLE: &str = "
蒼風/Sofu/ソウフウ 白樺/Shirakaba/シラカバ 澪/Mio/ミオ 玲瓏/Reiro/レイロウ 翠嵐/Suiran/スイラン 雪月/Setsugetsu/セツゲツ 桐/Kiri/キリ 花筏/Hanaikada/ハナイカダ 朱鷺/Toki/トキ 木霊/Kodama/コダマ 常磐/Tokiwa/トキワ 浅葱/Asagi/アサギ";

/// Kinds of classical ensemble.
pub const CLASSICAL_KIND: &str = "弦楽四重奏団/_String_Quartet/ゲンガクシジュウソウダン 室内合奏団/_Chamber_Ensemble/シツナイガッソウダン 木管五重奏団/_Wind_Quintet/モッカンゴジュウソウダン 合唱団/_Choir/ガッショウダン";

/// Kinds of traditional ensemble.
pub const TRADITIONAL_KIND: &str = "太鼓/_Taiko/ダイコ 箏曲会/_Koto_Ensemble/ソウキョクカイ 雅楽会/_Gagaku_Kai/ガガクカイ 三味線楽団/_Shamisen_Orchestra/シャミセンガクダン 囃子連/_Hayashi_Ren/ハヤシレン";

/// Korean groups.
pub const KOREAN_GROUP: &str = "
별빛정거장/Byeolbit_Jeonggeojang/ピョルビッチョンゴジャン 초승달클럽/Choseungdal_Club/チョスンダルクラブ 파도소년/Pado_Sonyeon/パドソニョン 오월의편지/Owol_ui_Pyeonji/オウォレピョンジ
하얀거울/Hayan_Geoul/ハヤンコウル 유리구두/Yuri_Gudu/ユリグドゥ 새벽버스/Saebyeok_Bus/セビョクボス 은방울/Eunbangul/ウンバンウル 골목극장/Golmok_Geukjang/コルモックッチャン 비밀정원사/Bimil_Jeongwonsa/ピミルチョンウォンサ";

/// Bands of Taiwan.
pub const TAIWAN_GROUP: &str = "
午後雷陣雨/Wuhou_Leizhenyu/ウーホウレイジェンユー 鐵馬兄弟/Tiema_Xiongdi/ティエマーシオンディー 夜市合唱團/Yeshi_Hechangtuan/イエシーホーチャントゥアン 失眠公寓/Shimian_Gongyu/シーミエンゴンユー
慢車樂隊/Manche_Yuedui/マンチョーユエドゥイ 海風少年/Haifeng_Shaonian/ハイフォンシャオニエン 芒果冰山/Mangguo_Bingshan/マングオビンシャン 第七月台/Diqi_Yuetai/ディーチーユエタイ";

/// French projects.
pub const FRENCH_GROUP: &str = "
Les_Heures_Bleues/レズール_ブルー Petit_Orage/プティ_オラージュ Chambre_Douze/シャンブル_ドゥーズ Lueur/リュール Le_Vent_du_Quai/ル_ヴァン_デュ_ケ Papier_Lune/パピエ_リュンヌ";
