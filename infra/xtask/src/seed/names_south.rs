//! Name parts of Thailand, Indonesia, Malaysia, Singapore, the Philippines, India and the Arab
//! countries: `native/Latin/katakana`, or `native/katakana`. Put together by chance. Where business
//! cards are in Latin letters (India, Malaysia, Singapore) so are the names here.

/// Thai family names.
pub const THAI_FAMILY: &str = "
สุขสันต์/Suksan/スックサン ใจดี/Jaidee/ジャイディー ศรีสวัสดิ์/Srisawat/シーサワット วงศ์ทอง/Wongthong/ウォントーン แสงจันทร์/Saengchan/セーンジャン บุญมี/Boonmee/ブンミー
รัตนกุล/Rattanakul/ラッタナクン ทองคำ/Thongkham/トーンカム เจริญสุข/Charoensuk/ジャルーンスック มณีวงศ์/Maneewong/マニーウォン พงษ์ไพร/Phongphrai/ポンプライ สายทอง/Saithong/サイトーン";
/// Thai given names.
pub const THAI_GIVEN: &str = "
สมชาย/Somchai/ソムチャイ กนกวรรณ/Kanokwan/カノックワン ณัฐพล/Nattaphon/ナッタポン พิมพ์ชนก/Pimchanok/ピムチャノック อนันต์/Anan/アナン สุดารัตน์/Sudarat/スダーラット
ธนากร/Thanakorn/タナーコーン วราภรณ์/Waraporn/ワラーポーン กิตติ/Kitti/キッティ ปิยะ/Piya/ピヤ อรุณี/Arunee/アルニー ชลธิชา/Chonticha/チョンティチャー ภาคิน/Phakin/パーキン มาลี/Malee/マーリー";

/// Indonesian second names.
pub const INDONESIA_FAMILY: &str = "
Pratama/プラタマ Wijaya/ウィジャヤ Santoso/サントソ Lestari/レスタリ Nugroho/ヌグロホ Hartono/ハルトノ Kusuma/クスマ Saputra/サプトラ Anggraini/アングライニ Setiawan/スティアワン";
/// Indonesian first names.
pub const INDONESIA_GIVEN: &str = "
Dewi/デウィ Budi/ブディ Rizky/リズキ Siti/シティ Agus/アグス Putri/プトリ Bayu/バユ Ratna/ラトナ Dimas/ディマス Ayu/アユ Fajar/ファジャル Intan/インタン";

/// Chinese family names of Singapore.
pub const SINGAPORE_FAMILY: &str = "
Tan/タン Lim/リム Wong/ウォン Goh/ゴー Chua/チュア Ong/オン Teo/テオ Koh/コー Yeo/ヨー Seah/シア";
/// Chinese given names of Singapore.
pub const SINGAPORE_GIVEN: &str = "
Wei_Ling/ウェイ_リン Jia_Hui/ジア_フイ Mei_Yee/メイ_イー Boon_Kiat/ブーン_キアット Shu_Min/シュー_ミン Yi_Xuan/イー_シュエン Jun_Wei/ジュン_ウェイ Hui_Ting/フイ_ティン Kok_Leong/コック_レオン Zhi_Hao/ジー_ハオ";

/// Fathers' names of Malaysia, used as family names.
pub const MALAYSIA_FAMILY: &str = "
Rahman/ラーマン Ismail/イスマイル Hassan/ハッサン Yusof/ユソフ Zainal/ザイナル Othman/オスマン Hamzah/ハムザ Karim/カリム";
/// Given names of Malaysia.
pub const MALAYSIA_GIVEN: &str = "
Nurul/ヌルル Farid/ファリド Aisyah/アイシャ Zul/ズル Hafiz/ハフィズ Arif/アリフ Liyana/リヤナ Syafiq/シャフィク Izzati/イッザティ Amir/アミール";

/// Family names of the Philippines.
pub const PHILIPPINES_FAMILY: &str = "
Santos/サントス Reyes/レイエス Bautista/バウティスタ Villanueva/ビリャヌエバ Mendoza/メンドーサ Aquino/アキノ Dimaculangan/ディマクランガン Salazar/サラサール Magbanua/マグバヌア Navarro/ナバロ";
/// Given names of the Philippines.
pub const PHILIPPINES_GIVEN: &str = "
Maricel/マリセル Jose_Miguel/ホセ_ミゲル Angelica/アンジェリカ Rafael/ラファエル Kristine/クリスティン Paolo/パオロ Bianca/ビアンカ Noel/ノエル Katrina/カトリーナ Enrique/エンリケ";

/// Indian family names.
pub const INDIA_FAMILY: &str = "
Sharma/シャルマ Iyer/アイヤル Banerjee/バネルジー Patel/パテル Menon/メノン Kulkarni/クルカルニ Chatterjee/チャタジー Reddy/レッディ Joshi/ジョシ Bose/ボース";
/// Indian given names.
pub const INDIA_GIVEN: &str = "
Ananya/アナンヤ Rohan/ローハン Kavya/カヴィヤ Arjun/アルジュン Meera/ミーラ Vikram/ヴィクラム Nandini/ナンディニ Aditya/アディティヤ Ishita/イシタ Karthik/カールティク";

/// Arab family names.
pub const ARAB_FAMILY: &str = "
المنصوري/Al_Mansoori/アル_マンスーリ الحربي/Al_Harbi/アル_ハルビ الكعبي/Al_Kaabi/アル_カービ العتيبي/Al_Otaibi/アル_オタイビ الشامسي/Al_Shamsi/アル_シャムシ الزهراني/Al_Zahrani/アル_ザハラーニ النعيمي/Al_Nuaimi/アル_ヌアイミ الدوسري/Al_Dosari/アル_ドサリ";
/// Arab given names.
pub const ARAB_GIVEN: &str = "
فاطمة/Fatima/ファーティマ خالد/Khalid/ハーリド نورة/Noura/ヌーラ سلطان/Sultan/スルタン ريم/Reem/リーム عمر/Omar/オマル ليلى/Layla/ライラ ماجد/Majid/マージド";
