//! The words of invented records. Syllables make brands that nobody has; laws are cited by their
//! real names, since a reader should recognise the form.

/// A bureau and how its documents are marked.
#[derive(Debug)]
pub(super) struct Bureau {
    pub(super) name: &'static str,
    pub(super) mark: &'static str,
}

/// A trade and its permit.
#[derive(Debug)]
pub(super) struct Trade {
    pub(super) word: &'static str,
    pub(super) certificate: &'static str,
    pub(super) activity: &'static str,
    pub(super) scope: &'static str,
}

/// An offence and what is said of it.
#[derive(Debug)]
pub(super) struct Offence {
    pub(super) title: &'static str,
    pub(super) facts: &'static str,
    pub(super) proof: &'static str,
    pub(super) basis: &'static str,
}

const fn bureau(name: &'static str, mark: &'static str) -> Bureau {
    Bureau { name, mark }
}

const fn trade(
    word: &'static str,
    certificate: &'static str,
    activity: &'static str,
    scope: &'static str,
) -> Trade {
    Trade { word, certificate, activity, scope }
}

const fn offence(
    title: &'static str,
    facts: &'static str,
    proof: &'static str,
    basis: &'static str,
) -> Offence {
    Offence { title, facts, proof, basis }
}

pub(super) const BUREAUS: &[Bureau] = &[
    bureau("市场监督管理局", "市监"),
    bureau("生态环境局", "环"),
    bureau("应急管理局", "应急"),
    bureau("卫生健康局", "卫"),
    bureau("农业农村局", "农"),
    bureau("交通运输局", "交"),
    bureau("住房和城乡建设局", "建"),
    bureau("政务服务和数字化建设管理局", "政数"),
];

pub(super) const TRADES: &[Trade] = &[
    trade("餐饮", "食品经营许可证", "餐饮服务", "热食类食品制售、冷食类食品制售"),
    trade("食品", "食品生产许可证", "食品生产", "粮食加工品、食用油、调味品"),
    trade("商贸", "食品经营许可证", "食品销售", "预包装食品、散装食品销售（含冷藏冷冻食品）"),
    trade("医药", "药品经营许可证", "药品零售", "中成药、化学药制剂、抗生素制剂"),
    trade("物流", "道路运输经营许可证", "道路货物运输", "普通货运、货物专用运输（冷藏保鲜）"),
    trade("农资", "农药经营许可证", "农药经营", "农药（限制使用农药除外）"),
    trade("种业", "农作物种子生产经营许可证", "种子生产经营", "玉米、水稻、大豆种子"),
    trade("建筑", "安全生产许可证", "建筑施工", "建筑工程、市政公用工程施工"),
    trade("环保", "排污许可证", "污染物排放", "废水、废气，执行国家规定的排放限值"),
    trade("洗浴", "卫生许可证", "公共场所经营", "沐浴场所、住宿场所"),
    trade("印务", "印刷经营许可证", "印刷经营", "其他印刷品印刷"),
    trade("人力资源", "人力资源服务许可证", "职业中介", "职业中介、劳务信息咨询"),
];

pub(super) const OFFENCES: &[Offence] = &[
    offence(
        "未按规定建立进货查验记录制度",
        "经营场所内未建立食品进货查验记录，货架陈列的部分食品不能提供供货者的许可证和合格证明",
        "上述事实有现场检查笔录、询问笔录、现场照片为证。",
        "《中华人民共和国食品安全法》第五十三条、第一百二十六条第一款",
    ),
    offence(
        "超过排放标准排放水污染物",
        "废水总排放口采样监测，化学需氧量、氨氮浓度超过国家规定的排放标准",
        "上述事实有监测报告、现场勘察笔录、询问笔录为证。",
        "《中华人民共和国水污染防治法》第八十三条第二项",
    ),
    offence(
        "未对从业人员进行安全生产教育和培训",
        "组织作业前未如实记录安全生产教育和培训情况，三名作业人员未经培训上岗",
        "上述事实有现场检查记录、培训台账、询问笔录为证。",
        "《中华人民共和国安全生产法》第二十八条、第九十七条",
    ),
    offence(
        "未取得许可擅自从事道路货物运输经营",
        "驾驶未取得道路运输证的车辆从事经营性道路货物运输",
        "上述事实有现场笔录、车辆照片、运单为证。",
        "《中华人民共和国道路运输条例》第六十三条",
    ),
    offence(
        "销售侵犯注册商标专用权的商品",
        "销售标有他人注册商标的日用品，经权利人辨认为侵权商品",
        "上述事实有扣押清单、鉴定意见、询问笔录为证。",
        "《中华人民共和国商标法》第五十七条第三项、第六十条第二款",
    ),
    offence(
        "经营假劣种子",
        "经营的玉米种子经抽样检验，发芽率低于标签标注值",
        "上述事实有检验报告、销售台账、询问笔录为证。",
        "《中华人民共和国种子法》第四十八条、第七十五条",
    ),
    offence(
        "未按照规定公示卫生信誉度等级",
        "公共场所未在醒目位置公示卫生许可证、卫生检测结果和卫生信誉度等级",
        "上述事实有现场笔录、现场照片、询问笔录为证。",
        "《公共场所卫生管理条例实施细则》第三十六条",
    ),
    offence(
        "未经批准擅自挖掘城市道路",
        "未办理批准手续，擅自挖掘城市道路铺设管线，面积约十二平方米",
        "上述事实有现场勘验笔录、现场照片、询问笔录为证。",
        "《城市道路管理条例》第三十三条、第四十二条",
    ),
];

pub(super) const MATERIALS: &[&str] = &[
    "营业执照副本",
    "食品安全管理制度",
    "房屋租赁合同",
    "不动产权证书",
    "环境影响评价批复",
    "法定代表人身份证明",
    "授权委托书",
    "设施设备布局图",
];

pub(super) const STREETS: &[&str] = &[
    "人民大街",
    "解放路",
    "新民街",
    "长江路",
    "吉祥街",
    "迎宾路",
    "松江路",
    "和平街",
    "建设街",
    "工农路",
    "光明街",
    "滨河路",
];

pub(super) const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "朴", "金", "崔", "关",
    "佟", "包", "欧阳", "司马",
];

pub(super) const GIVEN: &[&str] = &[
    "安", "博", "晨", "德", "恩", "芳", "国", "海", "宏", "佳", "健", "静", "凯", "兰", "丽", "敏",
    "宁", "平", "庆", "荣", "树", "涛", "文", "翔", "雪", "艳", "英", "玉", "志", "忠",
];

pub(super) const SYLLABLES: &[&str] = &[
    "岭", "禾", "澄", "泽", "沃", "原", "岚", "朔", "垚", "沐", "穗", "霁", "榆", "桦", "杉", "砚",
    "启", "恒", "瑞", "拓", "辰", "朗", "衡", "润",
];
