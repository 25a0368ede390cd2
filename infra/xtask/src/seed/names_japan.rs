//! Japanese name parts: `kanji/Latin/katakana`. Common family and given names only; put together by
//! chance, so that nobody in particular is meant.

/// Family names.
pub const FAMILY: &str = "
青木/Aoki/アオキ 佐々木/Sasaki/ササキ 高橋/Takahashi/タカハシ 伊藤/Ito/イトウ 渡辺/Watanabe/ワタナベ 小林/Kobayashi/コバヤシ
加藤/Kato/カトウ 吉田/Yoshida/ヨシダ 山口/Yamaguchi/ヤマグチ 松本/Matsumoto/マツモト 井上/Inoue/イノウエ 木村/Kimura/キムラ
斎藤/Saito/サイトウ 清水/Shimizu/シミズ 山崎/Yamazaki/ヤマザキ 池田/Ikeda/イケダ 橋本/Hashimoto/ハシモト 石川/Ishikawa/イシカワ
前田/Maeda/マエダ 藤田/Fujita/フジタ 小川/Ogawa/オガワ 岡田/Okada/オカダ 後藤/Goto/ゴトウ 長谷川/Hasegawa/ハセガワ
村上/Murakami/ムラカミ 近藤/Kondo/コンドウ 石井/Ishii/イシイ 坂本/Sakamoto/サカモト 遠藤/Endo/エンドウ 藤井/Fujii/フジイ
西村/Nishimura/ニシムラ 福田/Fukuda/フクダ 太田/Ota/オオタ 三浦/Miura/ミウラ 岡本/Okamoto/オカモト 松田/Matsuda/マツダ
中川/Nakagawa/ナカガワ 中野/Nakano/ナカノ 原田/Harada/ハラダ 小野/Ono/オノ 田村/Tamura/タムラ 竹内/Takeuchi/タケウチ
金子/Kaneko/カネコ 和田/Wada/ワダ 中山/Nakayama/ナカヤマ 石田/Ishida/イシダ 上田/Ueda/ウエダ 森田/Morita/モリタ
柴田/Shibata/シバタ 酒井/Sakai/サカイ 工藤/Kudo/クドウ 横山/Yokoyama/ヨコヤマ 宮崎/Miyazaki/ミヤザキ 内田/Uchida/ウチダ
高木/Takagi/タカギ 谷口/Taniguchi/タニグチ 大野/Ono/オオノ 丸山/Maruyama/マルヤマ 今井/Imai/イマイ 河野/Kono/コウノ
藤原/Fujiwara/フジワラ 村田/Murata/ムラタ 武田/Takeda/タケダ 上野/Ueno/ウエノ 杉山/Sugiyama/スギヤマ 増田/Masuda/マスダ
平野/Hirano/ヒラノ 大塚/Otsuka/オオツカ 千葉/Chiba/チバ 久保/Kubo/クボ 松井/Matsui/マツイ 岩崎/Iwasaki/イワサキ
桜井/Sakurai/サクライ 野口/Noguchi/ノグチ 木下/Kinoshita/キノシタ 菊地/Kikuchi/キクチ 新井/Arai/アライ 熊谷/Kumagai/クマガイ
白石/Shiraishi/シライシ 水野/Mizuno/ミズノ 望月/Mochizuki/モチヅキ 早川/Hayakawa/ハヤカワ 秋山/Akiyama/アキヤマ 小松/Komatsu/コマツ
宮本/Miyamoto/ミヤモト 星野/Hoshino/ホシノ 川村/Kawamura/カワムラ 安藤/Ando/アンドウ 大西/Onishi/オオニシ 片山/Katayama/カタヤマ
";

/// Given names of women.
pub const WOMEN: &str = "
美香/Mika/ミカ 陽子/Yoko/ヨウコ 由美/Yumi/ユミ 真理子/Mariko/マリコ 恵/Megumi/メグミ 智子/Tomoko/トモコ
直美/Naomi/ナオミ 香織/Kaori/カオリ 裕子/Yuko/ユウコ 綾/Aya/アヤ 千尋/Chihiro/チヒロ 早紀/Saki/サキ
彩花/Ayaka/アヤカ 美咲/Misaki/ミサキ 葵/Aoi/アオイ 七海/Nanami/ナナミ 優奈/Yuna/ユウナ 結衣/Yui/ユイ
沙織/Saori/サオリ 麻衣/Mai/マイ 舞子/Maiko/マイコ 里奈/Rina/リナ 奈緒/Nao/ナオ 琴音/Kotone/コトネ
詩織/Shiori/シオリ 莉子/Riko/リコ 花/Hana/ハナ 遥/Haruka/ハルカ 茜/Akane/アカネ 梨沙/Risa/リサ
真央/Mao/マオ 瑞穂/Mizuho/ミズホ 涼子/Ryoko/リョウコ 典子/Noriko/ノリコ 久美子/Kumiko/クミコ 知世/Tomoyo/トモヨ
小百合/Sayuri/サユリ 千夏/Chinatsu/チナツ 佳奈/Kana/カナ 友美/Tomomi/トモミ 翠/Midori/ミドリ 雪乃/Yukino/ユキノ
";

/// Given names of men.
pub const MEN: &str = "
健/Ken/ケン 大輔/Daisuke/ダイスケ 拓也/Takuya/タクヤ 翔太/Shota/ショウタ 和也/Kazuya/カズヤ 亮/Ryo/リョウ
健太/Kenta/ケンタ 直樹/Naoki/ナオキ 誠/Makoto/マコト 剛/Tsuyoshi/ツヨシ 学/Manabu/マナブ 浩二/Koji/コウジ
隆/Takashi/タカシ 修/Osamu/オサム 悠斗/Yuto/ユウト 蓮/Ren/レン 颯太/Sota/ソウタ 陸/Riku/リク
雄大/Yudai/ユウダイ 圭介/Keisuke/ケイスケ 慎吾/Shingo/シンゴ 淳/Jun/ジュン 達也/Tatsuya/タツヤ 智也/Tomoya/トモヤ
洋平/Yohei/ヨウヘイ 一樹/Kazuki/カズキ 航/Wataru/ワタル 悟/Satoru/サトル 正樹/Masaki/マサキ 康平/Kohei/コウヘイ
祐介/Yusuke/ユウスケ 聡/Satoshi/サトシ 亮太/Ryota/リョウタ 駿/Shun/シュン 海斗/Kaito/カイト 武志/Takeshi/タケシ
孝之/Takayuki/タカユキ 信也/Shinya/シンヤ 弘樹/Hiroki/ヒロキ 友哉/Tomoya/トモヤ 宗一郎/Soichiro/ソウイチロウ 純平/Junpei/ジュンペイ
";
