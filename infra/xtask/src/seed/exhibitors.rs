//! The 35 exhibitors, written by hand: a visitor of the demonstration reads these names first.
//! Invented companies; the order is that of the booths. Their staff and artists are elsewhere.

/// One exhibitor and its booth.
pub struct Exhibitor {
    /// The company in its own script.
    pub name: &'static str,
    /// In katakana.
    pub reading: &'static str,
    /// In Latin letters.
    pub latin: &'static str,
    /// ISO 3166-1 alpha-2.
    pub region: &'static str,
    /// As on the floor plan; the letter is the zone.
    pub booth: &'static str,
    /// Tables; bigger booths are the sought-after ones.
    pub tables: i64,
    /// ISO 639-1 codes, its main language first.
    pub languages: &'static str,
    /// Codes of the product's genres, the main one first.
    pub genres: &'static str,
    /// Rights it deals in.
    pub rights: &'static str,
    /// Parts of the world it looks to.
    pub markets: &'static str,
}

impl Exhibitor {
    /// `X01` and so on.
    pub fn code(place: usize) -> String {
        format!("X{:02}", place + 1)
    }
}

/// All of them, by booth.
#[rustfmt::skip]
pub const EXHIBITORS: &[Exhibitor] = &[
    exhibitor("A-01", 9, "朝凪ミュージックグループ", "アサナギミュージックグループ", "Asanagi Music Group", "JP", "ja;en;zh", "j-pop;rock;idol", "recording;publishing;sync", "asia north-america europe"),
    exhibitor("A-02", 9, "白鷺エンタテインメント", "シラサギエンタテインメント", "Shirasagi Entertainment", "JP", "ja;en;ko", "j-pop;idol;rnb", "recording;live;publishing", "asia north-america"),
    exhibitor("A-03", 8, "緑風音楽出版", "リョクフウオンガクシュッパン", "Ryokufu Music Publishing", "JP", "ja;en", "j-pop;folk;city-pop", "publishing;sync", "europe north-america"),
    exhibitor("A-04", 8, "ミナモレコード", "ミナモレコード", "Minamo Records", "JP", "ja;en;zh", "city-pop;j-pop;rnb", "recording;distribution;sync", "asia"),
    exhibitor("A-05", 7, "銀河堂ミュージック", "ギンガドウミュージック", "Gingado Music", "JP", "ja;en", "rock;metal", "recording;live", "europe latin-america"),
    exhibitor("A-06", 7, "汐見レーベルズ", "シオミレーベルズ", "Shiomi Labels", "JP", "ja;en", "j-pop;hiphop", "recording;distribution", "asia elsewhere"),
    exhibitor("A-07", 6, "カササギ・サウンド", "カササギサウンド", "Kasasagi Sound", "JP", "ja;zh", "hiphop;rnb", "recording;distribution", "asia"),
    exhibitor("B-01", 9, "虹彩アニメ音楽", "コウサイアニメオンガク", "Kosai Anime Music", "JP", "ja;en;zh", "anime;j-pop;vocal-synth", "recording;sync;live", "asia north-america latin-america"),
    exhibitor("B-02", 9, "ピクセル工房サウンド", "ピクセルコウボウサウンド", "Pixel Kobo Sound", "JP", "ja;en", "game;electronic", "sync;publishing;recording", "north-america europe"),
    exhibitor("B-03", 9, "夢見月プロダクション", "ユメミヅキプロダクション", "Yumemizuki Production", "JP", "ja;en;ko", "anime;idol", "live;recording;sync", "asia latin-america elsewhere"),
    exhibitor("B-04", 8, "つばめゲーム音楽社", "ツバメゲームオンガクシャ", "Tsubame Game Music", "JP", "ja;en", "game;classical", "sync;live;publishing", "europe north-america"),
    exhibitor("B-05", 8, "鉱石ラジオレコーズ", "コウセキラジオレコーズ", "Koseki Radio Records", "JP", "ja;en", "vocal-synth;electronic", "recording;distribution;publishing", "asia europe north-america"),
    exhibitor("B-06", 7, "風見鶏スタジオ", "カザミドリスタジオ", "Kazamidori Studio", "JP", "ja;en", "anime;ambient", "sync;publishing", "europe north-america"),
    exhibitor("B-07", 6, "月白アイドルワークス", "ツキシロアイドルワークス", "Tsukishiro Idol Works", "JP", "ja", "idol;j-pop", "live;recording", "asia"),
    exhibitor("C-01", 8, "夜汽車レコード", "ヨギシャレコード", "Yogisha Records", "JP", "ja;en", "rock;folk", "recording;live;distribution", "europe north-america"),
    exhibitor("C-02", 8, "群青レーベル", "グンジョウレーベル", "Gunjo Label", "JP", "ja;en;fr", "city-pop;j-pop", "recording;sync", "europe asia"),
    exhibitor("C-03", 7, "水たまりディスク", "ミズタマリディスク", "Mizutamari Discs", "JP", "ja;en", "folk;ambient", "recording;distribution", "europe elsewhere"),
    exhibitor("C-04", 7, "鉄橋サウンズ", "テッキョウサウンズ", "Tekkyo Sounds", "JP", "ja;en", "metal;rock", "recording;live", "europe latin-america"),
    exhibitor("C-05", 5, "まちかどミュージック", "マチカドミュージック", "Machikado Music", "JP", "ja", "folk;j-pop", "recording;publishing", "asia"),
    exhibitor("C-06", 6, "紙ひこうき音楽社", "カミヒコウキオンガクシャ", "Kamihikoki Music", "JP", "ja;en", "j-pop;folk", "publishing;recording", "asia"),
    exhibitor("C-07", 8, "星空レコード", "ホシゾラレコード", "Hoshizora Records", "JP", "ja;en", "j-pop;city-pop;rock", "recording;publishing;sync;distribution", "asia europe north-america"),
    exhibitor("D-01", 9, "大波ライブエージェンシー", "オオナミライブエージェンシー", "Onami Live Agency", "JP", "ja;en;ko", "rock;j-pop;metal", "live", "asia europe latin-america"),
    exhibitor("D-02", 7, "弦月音楽事務所", "ゲンゲツオンガクジムショ", "Gengetsu Artists", "JP", "ja;en;de", "classical;jazz", "live;recording", "europe"),
    exhibitor("D-03", 7, "瑠璃ジャズワークス", "ルリジャズワークス", "Ruri Jazz Works", "JP", "ja;en", "jazz;city-pop", "live;recording;distribution", "europe north-america"),
    exhibitor("D-04", 5, "松籟邦楽社", "ショウライホウガクシャ", "Shorai Hogaku", "JP", "ja", "traditional", "live;recording", "europe elsewhere"),
    exhibitor("D-05", 6, "祭囃子プロジェクト", "マツリバヤシプロジェクト", "Matsuribayashi Project", "JP", "ja;en;fr", "traditional;electronic", "live;sync", "europe latin-america elsewhere"),
    exhibitor("D-06", 6, "北前フェスティバル機構", "キタマエフェスティバルキコウ", "Kitamae Festival Office", "JP", "ja;en", "folk;rock;traditional", "live", "asia elsewhere"),
    exhibitor("D-07", 6, "霧島クラブミュージック", "キリシマクラブミュージック", "Kirishima Club Music", "JP", "ja;en", "electronic;hiphop", "recording;distribution;live", "europe asia"),
    exhibitor("E-01", 9, "한울림뮤직", "ハヌリムミュージック", "Hanullim Music", "KR", "ko;ja;en", "idol;rnb;hiphop", "recording;live;distribution", "asia north-america"),
    exhibitor("E-02", 7, "달빛공방", "タルピッコンバン", "Dalbit Gongbang", "KR", "ko;ja", "rnb;folk", "recording;publishing;sync", "asia"),
    exhibitor("E-03", 8, "晨星音樂", "チェンシンオンガク", "Chenxing Music", "TW", "zh;ja;en", "rock;folk;j-pop", "recording;live;distribution", "asia"),
    exhibitor("E-04", 8, "Harbourlight Music", "ハーバーライトミュージック", "Harbourlight Music", "GB", "en;ja", "rock;electronic;jazz", "publishing;sync", "europe north-america elsewhere"),
    exhibitor("E-05", 8, "Ponderosa Sync House", "ポンデローサシンクハウス", "Ponderosa Sync House", "US", "en;ja;es", "ambient;hiphop;rnb", "sync;publishing", "north-america latin-america"),
    exhibitor("E-06", 6, "Atelier Sonore Lumen", "アトリエソノールリュメン", "Atelier Sonore Lumen", "FR", "fr;ja;en", "ambient;classical;electronic", "sync;recording;live", "europe"),
    exhibitor("E-07", 8, "音流配信テクノロジー", "オンリュウハイシンテクノロジー", "Onryu Distribution Technology", "JP", "ja;en;zh", "electronic;j-pop;vocal-synth", "distribution;recording", "asia europe north-america elsewhere"),
];

#[expect(
    clippy::too_many_arguments,
    reason = "one line an exhibitor, like the file it becomes"
)]
const fn exhibitor(
    booth: &'static str,
    tables: i64,
    name: &'static str,
    reading: &'static str,
    latin: &'static str,
    region: &'static str,
    languages: &'static str,
    genres: &'static str,
    rights: &'static str,
    markets: &'static str,
) -> Exhibitor {
    Exhibitor {
        name,
        reading,
        latin,
        region,
        booth,
        tables,
        languages,
        genres,
        rights,
        markets,
    }
}
