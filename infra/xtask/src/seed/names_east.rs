//! Korean, Chinese and Vietnamese name parts: `native/Latin/katakana`. Put together by chance.
//! Taiwan, Hong Kong and the mainland have lists of their own: script and romanisation differ.

/// Korean family names.
pub const KOREAN_FAMILY: &str = "
김/Kim/キム 이/Lee/イ 박/Park/パク 최/Choi/チェ 정/Jung/チョン 강/Kang/カン 조/Cho/チョ 윤/Yoon/ユン 장/Jang/チャン 임/Lim/イム
한/Han/ハン 오/Oh/オ 서/Seo/ソ 신/Shin/シン 권/Kwon/クォン 황/Hwang/ファン 안/Ahn/アン 송/Song/ソン 홍/Hong/ホン 문/Moon/ムン";
/// Korean given names.
pub const KOREAN_GIVEN: &str = "
민준/Min-jun/ミンジュン 서연/Seo-yeon/ソヨン 지훈/Ji-hoon/ジフン 하은/Ha-eun/ハウン 도윤/Do-yun/ドユン 수빈/Su-bin/スビン
예린/Ye-rin/イェリン 현우/Hyun-woo/ヒョヌ 지원/Ji-won/ジウォン 은지/Eun-ji/ウンジ 성호/Sung-ho/ソンホ 유진/Yu-jin/ユジン
태현/Tae-hyun/テヒョン 소영/So-young/ソヨン 준서/Jun-seo/ジュンソ 다은/Da-eun/ダウン 재민/Jae-min/ジェミン 혜진/Hye-jin/ヘジン
승우/Seung-woo/スンウ 나연/Na-yeon/ナヨン 동훈/Dong-hoon/ドンフン 미경/Mi-kyung/ミギョン 상혁/Sang-hyuk/サンヒョク 아름/A-reum/アルム";

/// Family names of Taiwan.
pub const TAIWAN_FAMILY: &str = "
陳/Chen/チェン 林/Lin/リン 黃/Huang/ホァン 張/Chang/チャン 李/Lee/リー 王/Wang/ワン 吳/Wu/ウー 劉/Liu/リウ 蔡/Tsai/ツァイ 楊/Yang/ヤン
許/Hsu/シュー 鄭/Cheng/チェン 謝/Hsieh/シエ 郭/Kuo/グオ 洪/Hung/ホン 曾/Tseng/ツェン 邱/Chiu/チウ 廖/Liao/リャオ";
/// Given names of Taiwan.
pub const TAIWAN_GIVEN: &str = "
怡君/Yi-chun/イージュン 志明/Chih-ming/ジーミン 雅婷/Ya-ting/ヤーティン 家豪/Chia-hao/ジャーハオ 淑芬/Shu-fen/シューフェン 俊傑/Chun-chieh/ジュンジエ
佳穎/Chia-ying/ジャーイン 冠宇/Kuan-yu/グァンユー 欣怡/Hsin-yi/シンイー 柏翰/Po-han/ボーハン 詩涵/Shih-han/シーハン 宗翰/Tsung-han/ゾンハン
婉如/Wan-ju/ワンルー 承恩/Cheng-en/チェンエン 美玲/Mei-ling/メイリン 彥廷/Yen-ting/イェンティン 思妤/Szu-yu/スーユー 建宏/Chien-hung/ジェンホン";

/// Family names of the mainland.
pub const CHINA_FAMILY: &str = "
王/Wang/ワン 李/Li/リー 张/Zhang/ジャン 刘/Liu/リウ 陈/Chen/チェン 杨/Yang/ヤン 赵/Zhao/ジャオ 黄/Huang/ホァン 周/Zhou/ジョウ 吴/Wu/ウー
徐/Xu/シュー 孙/Sun/スン 朱/Zhu/ジュー 马/Ma/マー 胡/Hu/フー 郭/Guo/グオ 何/He/ハー 林/Lin/リン 罗/Luo/ルオ 梁/Liang/リャン";
/// Given names of the mainland.
pub const CHINA_GIVEN: &str = "
欣然/Xinran/シンラン 子轩/Zixuan/ズーシュエン 雨桐/Yutong/ユートン 浩然/Haoran/ハオラン 思远/Siyuan/スーユエン 晓梅/Xiaomei/シャオメイ
建国/Jianguo/ジエングオ 文静/Wenjing/ウェンジン 志强/Zhiqiang/ジーチアン 佳怡/Jiayi/ジアイー 嘉琪/Jiaqi/ジアチー 立新/Lixin/リーシン
明月/Mingyue/ミンユエ 宇航/Yuhang/ユーハン 丽娜/Lina/リーナー 国栋/Guodong/グオドン 诗雨/Shiyu/シーユー 天佑/Tianyou/ティエンヨウ";

/// Family names of Hong Kong.
pub const HONGKONG_FAMILY: &str = "
陳/Chan/チャン 李/Lee/リー 黃/Wong/ウォン 張/Cheung/チョン 梁/Leung/リョン 林/Lam/ラム 何/Ho/ホー 鄭/Cheng/チェン 吳/Ng/ウン 劉/Lau/ラウ
郭/Kwok/クォック 蔡/Choi/チョイ 馮/Fung/フォン 葉/Yip/イップ";
/// Given names of Hong Kong.
pub const HONGKONG_GIVEN: &str = "
家慧/Ka-wai/カーウァイ 志偉/Chi-wai/チーワイ 嘉欣/Ka-yan/カーヤン 俊文/Chun-man/チュンマン 詠詩/Wing-sze/ウィンシー 浩賢/Ho-yin/ホーイン
曉彤/Hiu-tung/ヒウトン 子軒/Tsz-hin/ジーヒン 敏儀/Man-yi/マンイー 國強/Kwok-keung/クォックキョン 美儀/Mei-yi/メイイー 偉明/Wai-ming/ワイミン";

/// Family names of Vietnam.
pub const VIETNAM_FAMILY: &str = "
Nguyễn/Nguyen/グエン Trần/Tran/チャン Lê/Le/レ Phạm/Pham/ファム Hoàng/Hoang/ホアン Vũ/Vu/ヴー Đặng/Dang/ダン Bùi/Bui/ブイ Đỗ/Do/ドー Ngô/Ngo/ゴー";
/// Given names of Vietnam, with the middle name.
pub const VIETNAM_GIVEN: &str = "
Minh_Anh/Minh_Anh/ミン_アイン Thu_Hà/Thu_Ha/トゥー_ハー Quốc_Huy/Quoc_Huy/クオック_フイ Ngọc_Lan/Ngoc_Lan/ゴック_ラン Đức_Thắng/Duc_Thang/ドゥック_タン
Thanh_Tâm/Thanh_Tam/タイン_タム Hải_Yến/Hai_Yen/ハイ_イエン Tuấn_Kiệt/Tuan_Kiet/トゥアン_キエット Phương_Thảo/Phuong_Thao/フオン_タオ Gia_Bảo/Gia_Bao/ザー_バオ";
