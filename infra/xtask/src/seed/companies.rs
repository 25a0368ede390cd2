//! How buyers' companies are named, by language: invented stems and the words that say what the
//! company does. Nothing is taken from a company register; a likeness is chance.

use super::chance::Chance;
use super::part::{parts, plain};

/// What a buyer's company does; decides what rights it asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Business {
    /// Releases recordings.
    Label,
    /// Publishes works.
    Publisher,
    /// Finds music for pictures, games and advertisements.
    Sync,
    /// Books concerts and festivals.
    Live,
    /// Distributes digitally and on discs.
    Distributor,
}

/// All five, in the order of [`Style::forms`].
pub const BUSINESSES: [Business; 5] = [
    Business::Label,
    Business::Publisher,
    Business::Sync,
    Business::Live,
    Business::Distributor,
];

/// The naming habits of one language.
pub struct Style {
    /// `native` or `native/Latin/x` words, `_` for a space; with a second list the two are combined.
    stems: &'static str,
    second: &'static str,
    /// For each business the forms `native|Latin`, separated by `,`; `*` is the stem.
    forms: [&'static str; 5],
}

impl Style {
    /// What tells one style from another: its own stems.
    pub fn key(&self) -> &'static str {
        self.stems
    }

    /// All stems, shuffled: deal them out one by one and no two companies share a stem.
    pub fn stems(&self, chance: &mut Chance) -> Vec<(String, String)> {
        let first = parts(self.stems);
        let second = parts(self.second);
        let mut out: Vec<(String, String)> = Vec::new();
        if second.is_empty() {
            out.extend(first.into_iter().map(|p| (p.native, p.latin)));
        } else {
            // Each first word with two second words: enough, and the list does not sound like a machine.
            for (i, a) in first.iter().enumerate() {
                for step in [3, 11] {
                    let partner = second.get((i * 5 + step) % second.len());
                    // No "Lantern Lantern".
                    if let Some(b) = partner.filter(|b| b.native != a.native) {
                        out.push((format!("{} {}", a.native, b.native), format!("{} {}", a.latin, b.latin)));
                    }
                }
            }
        }
        chance.shuffle(&mut out);
        out
    }

    /// A company's name in its own script and in Latin letters.
    pub fn name(&self, business: Business, stem: &(String, String), chance: &mut Chance) -> (String, String) {
        let place = BUSINESSES.iter().position(|b| *b == business).unwrap_or_default();
        let forms: Vec<&str> = self.forms[place].split(',').map(str::trim).collect();
        let form = chance.word(&forms);
        let (native, latin) = form.split_once('|').unwrap_or((form, form));
        (native.replace('*', &stem.0), plain(&latin.replace('*', &stem.1)))
    }
}

/// English, in all its countries.
pub static ENGLISH: Style = Style {
    stems: "Copper Quiet Northern Amber Saltwater Paper Velvet Granite Juniper Hollow Lucky Silver Maple Tidal Crimson
        Wandering Little Broad Cedar Midnight Orchard Brass Ivory Thistle Harvest Pacific Marble Winter Golden Rambling
        Foxglove Harbor Sunday Distant Willow Electric Meadow Iron Summit Lantern",
    second:
        "Heron Lantern Meridian Sparrow Orchard Compass Harbor Signal Kite Thicket Anchor Canyon Button Parade Engine
        Window Otter Avenue Wren Market Beacon Garden Pocket",
    forms: [
        "* Records, * Recordings, * Music",
        "* Music Publishing, * Songs, * Publishing",
        "* Sync, * Music Supervision, * Screen Music",
        "* Live, * Touring, * Festivals",
        "* Distribution, * Digital",
    ],
};

/// Korean.
pub static KOREAN: Style = Style {
    stems: "한마루/Hanmaru/ 푸른섬/Pureunseom/ 새벽별/Saebyeokbyeol/ 고요/Goyo/ 물결/Mulgyeol/ 소리샘/Sorisaem/ 은하수/Eunhasu/ 온새미/Onsaemi/
        다온/Daon/ 라온숲/Raonsup/ 가람/Garam/ 나래빛/Naraebit/ 미르/Mireu/ 솔바람/Solbaram/ 하늬/Hanui/ 바다울림/Badaullim/ 두루미/Durumi/
        달무리/Dalmuri/ 여울/Yeoul/ 초록달/Chorokdal/ 별마을/Byeolmaeul/ 노을빛/Noeulbit/ 은모래/Eunmorae/ 산들/Sandeul/ 햇살/Haetsal/
        아라소리/Arasori/ 도담/Dodam/ 윤슬/Yunseul/ 해오름/Haeoreum/ 단비/Danbi/",
    second: "",
    forms: [
        "*뮤직|* Music, *레코드|* Records, *엔터테인먼트|* Entertainment",
        "*음악출판|* Music Publishing, *퍼블리싱|* Publishing",
        "*싱크|* Sync, *사운드웍스|* Soundworks",
        "*라이브|* Live, *공연기획|* Concerts",
        "*유통|* Distribution, *디지털|* Digital",
    ],
};

/// Taiwan.
pub static TAIWAN: Style = Style {
    stems: "青鳥/Qingniao/ 海岸線/Haianxian/ 小島/Xiaodao/ 晴空/Qingkong/ 木棉/Mumian/ 燈塔/Dengta/ 山嵐/Shanlan/ 雨季/Yuji/ 白鹿/Bailu/
        星河/Xinghe/ 稻浪/Daolang/ 迴聲/Huisheng/ 夏至/Xiazhi/ 月桃/Yuetao/ 飛魚/Feiyu/ 暖流/Nuanliu/ 螢火/Yinghuo/ 藍鵲/Lanque/ 北回/Beihui/
        相思林/Xiangsilin/ 藍染/Lanran/ 風鈴/Fengling/ 山茶/Shancha/ 大稻/Dadao/",
    second: "",
    forms: [
        "*唱片|* Records, *音樂|* Music",
        "*音樂版權|* Music Publishing, *詞曲|* Songs",
        "*影視音樂|* Screen Music, *聲音製作|* Sound Production",
        "*展演|* Live, *音樂祭|* Festival",
        "*數位發行|* Digital Distribution, *發行|* Distribution",
    ],
};

/// The mainland.
pub static CHINA: Style = Style {
    stems: "晨曦/Chenxi/ 远山/Yuanshan/ 云帆/Yunfan/ 星途/Xingtu/ 朝阳谷/Chaoyanggu/ 流光/Liuguang/ 银杏/Yinxing/ 听雨/Tingyu/ 梧桐/Wutong/
        蓝鲸/Lanjing/ 麦浪/Mailang/ 竹声/Zhusheng/ 白桦/Baihua/ 江南岸/Jiangnan'an/ 九歌里/Jiugeli/ 沙洲/Shazhou/ 野渡/Yedu/ 青禾/Qinghe/
        北窗/Beichuang/ 花火集/Huahuoji/ 海潮/Haichao/ 明镜/Mingjing/",
    second: "",
    forms: [
        "*唱片|* Records, *音乐文化|* Music Culture",
        "*音乐版权|* Music Publishing, *词曲版权|* Songs",
        "*影视音乐|* Screen Music, *声音工场|* Sound Works",
        "*演出|* Live, *音乐节|* Festival",
        "*数字音乐|* Digital Music, *发行|* Distribution",
    ],
};

/// Hong Kong.
pub static HONGKONG: Style = Style {
    stems: "維港/Wai_Kong/ 獅山/Sze_Shan/ 霓虹/Ngai_Hung/ 天星角/Tin_Sing_Kok/ 南風/Nam_Fung/ 紫荊道/Tsz_King_To/ 雙魚/Sheung_Yu/ 長洲/Cheung_Chau/
        金鐘里/Kam_Chung_Lei/ 彩虹橋/Choi_Hung_Kiu/ 海傍/Hoi_Pong/ 青衣灣/Tsing_Yi_Wan/ 麗影/Lai_Ying/ 西環/Sai_Wan/",
    second: "",
    forms: [
        "*唱片|* Records, *音樂|* Music",
        "*音樂出版|* Music Publishing",
        "*影音|* Screen Music",
        "*演藝|* Live",
        "*發行|* Distribution, *數碼|* Digital",
    ],
};

/// Thai.
pub static THAI: Style = Style {
    stems: "เสียงทอง/Siang_Thong/ ดาวเหนือ/Dao_Nuea/ ลมทะเล/Lom_Thale/ ฟ้าใส/Fah_Sai/ รุ่งอรุณ/Rung_Arun/ ใบไม้/Bai_Mai/ ช้างน้อย/Chang_Noi/
        สายน้ำ/Sai_Nam/ จันทรา/Chandra/ หิ่งห้อย/Hing_Hoi/ ดอกคูน/Dok_Khun/ เมฆขาว/Mek_Khao/ พลอยใส/Ploi_Sai/ ริมโขง/Rim_Khong/ ภูผา/Phu_Pha/",
    second: "",
    forms: [
        "*มิวสิก|* Music, *เรคคอร์ดส|* Records",
        "*พับลิชชิ่ง|* Publishing",
        "*ซาวด์|* Sound",
        "*ไลฟ์|* Live, *คอนเสิร์ต|* Concerts",
        "*ดิจิทัล|* Digital",
    ],
};

/// French.
pub static FRENCH: Style = Style {
    stems: "Clair_Matin Petite_Ourse Belle_Rive Grand_Large Nuit_Blanche Roseraie Tramontane Lanterne Vieux_Port Rivage Cerf-volant
        Mistral_Bleu Hirondelle Canopée Trois_Marches Passerelle Étoile_Filante",
    second: "",
    forms: [
        "Disques *, * Records",
        "Éditions *, * Éditions Musicales",
        "* Synchro, Studio *",
        "* Productions, * Spectacles",
        "* Distribution, * Numérique",
    ],
};

/// German.
pub static GERMAN: Style = Style {
    stems: "Nordklang Zeitlupe Fernlicht Waldhorn Grünspan Elbufer Lautmaler Morgenrot Hinterhof Kranich Wellenbad Zwischenton Silberdistel",
    second: "",
    forms: [
        "* Tonträger, * Schallplatten",
        "* Musikverlag, Verlag *",
        "* Filmmusik",
        "* Konzerte, * Festival",
        "* Vertrieb",
    ],
};

/// Spanish.
pub static SPANISH: Style = Style {
    stems: "Luna_Nueva Alameda Golondrina Mar_Adentro Tierra_Alta Relámpago Jacarandá Tres_Puentes Azahar Camino_Real Barlovento
        Duende_Azul Cenzontle Madreselva Pampa_Norte Mirador Canela_Viva Espejismo Caracola Medianoche",
    second: "",
    forms: [
        "Discos *, * Música",
        "Editorial Musical *, * Ediciones",
        "* Sincronización, * Sonido",
        "* En Vivo, Conciertos *",
        "* Distribución, * Digital",
    ],
};

/// Brazilian.
pub static BRAZIL: Style = Style {
    stems: "Maré_Cheia Ipê_Amarelo Beira_Rio Sabiá Pedra_Clara Luar_do_Sul Rede_Verde Jangada Vagalume Serra_Azul",
    second: "",
    forms: [
        "* Discos, Selo *",
        "* Edições",
        "* Trilhas",
        "* Shows, Festival *",
        "* Distribuidora",
    ],
};

/// Italian.
pub static ITALIAN: Style = Style {
    stems: "Controvento Lucciola Sottovoce Belvedere Ponte_Vecchio Maestrale Campanile Girasole",
    second: "",
    forms: [
        "* Dischi",
        "Edizioni *",
        "* Colonne Sonore",
        "* Concerti",
        "* Distribuzione",
    ],
};

/// Dutch.
pub static DUTCH: Style = Style {
    stems: "Windmeester Zilverreiger Grachtenlicht Nachtbrug Polderklank Waterlijn Tegenwind Morgenster",
    second: "",
    forms: [
        "* Platen",
        "* Muziekuitgeverij",
        "* Filmmuziek",
        "* Concerten",
        "* Distributie",
    ],
};

/// Swedish.
pub static SWEDISH: Style = Style {
    stems: "Norrsken Skärgård Björkdunge Midsommarton Fjällvind Gryning Havsbris Sommarnatt",
    second: "",
    forms: [
        "* Skivor",
        "* Musikförlag",
        "* Filmmusik",
        "* Konserter",
        "* Distribution",
    ],
};

/// Finnish.
pub static FINNISH: Style = Style {
    stems: "Revontuli Koivikko Järvenranta Talviyö Kuutamo Havukka",
    second: "",
    forms: ["* Levyt", "* Kustannus", "* Ääni", "* Keikat", "* Jakelu"],
};

/// Polish.
pub static POLISH: Style = Style {
    stems: "Bursztyn Świetlik Zorza Żuraw Nad_Rzeką Wiatrak",
    second: "",
    forms: ["* Nagrania", "Wydawnictwo *", "* Dźwięk", "* Koncerty", "* Dystrybucja"],
};

/// Ukrainian.
pub static UKRAINIAN: Style = Style {
    stems: "Світанок/Svitanok/ Калина/Kalyna/ Джерело/Dzherelo/ Зоряниця/Zorianytsia/ Лелека/Leleka/",
    second: "",
    forms: [
        "* Рекордс|* Records",
        "Видавництво «*»|* Publishing",
        "* Саунд|* Sound",
        "* Концерт|* Concert",
        "* Диджитал|* Digital",
    ],
};

/// Vietnamese.
pub static VIETNAM: Style = Style {
    stems: "Sao_Mai_Xanh Hoa_Sen_Trắng Sóng_Biển Trăng_Non Gió_Núi Phố_Cũ Mưa_Hạ Đồng_Xanh Cánh_Diều",
    second: "",
    forms: ["* Music, * Records", "* Publishing", "* Sound", "* Live", "* Digital"],
};

/// Indonesian and Malay.
pub static INDONESIA: Style = Style {
    stems: "Angin_Timur Bintang_Laut Senja_Raya Kupu_Biru Rimba_Nada Ombak_Kecil Pelangi_Malam Lentera_Kota Cahaya_Pagi Bunga_Kertas
        Tanah_Hijau Gema_Selat Hujan_Pertama Layar_Putih Embun_Senja Perahu_Tua Nada_Samudra Bayang_Bulan Awan_Jingga Teluk_Biru",
    second: "",
    forms: ["* Musik, * Records", "* Publishing", "* Sinema", "* Live, * Pentas", "* Digital"],
};

/// Philippine.
pub static PHILIPPINES: Style = Style {
    stems: "Sampaguita_Road Bagong_Umaga Habagat Tala_Bay Isla_Verde Kundiman_Street Bituin_North Alon Bahaghari Mayon_Hill",
    second: "",
    forms: ["* Records, * Music", "* Publishing", "* Sync", "* Live", "* Digital"],
};

/// Indian.
pub static INDIA: Style = Style {
    stems: "Neelkamal Sandhya_Lane Monsoon_Lamp Peepal_Tree_House Chandan_Road Banyan_Yard Mridang_Works Saavan Koel_Street Indigo_Ghat",
    second: "",
    forms: ["* Music, * Records", "* Publishing", "* Sync", "* Live", "* Digital"],
};

/// Arabic.
pub static ARAB: Style = Style {
    stems: "نسيم_البحر/Naseem_Al_Bahr/ قمر_الصحراء/Qamar_Al_Sahra/ نخلة/Nakhla/ لؤلؤة_الخليج/Luluat_Al_Khaleej/ صدى/Sada/ واحة/Waha/ نجمة_الشمال/Najmat_Al_Shamal/",
    second: "",
    forms: [
        "* للإنتاج|* Productions",
        "* للنشر الموسيقي|* Music Publishing",
        "* للصوتيات|* Sound",
        "* للفعاليات|* Events",
        "* للتوزيع|* Distribution",
    ],
};
