//! Jilin's halls: the province, its nine prefectures, its sixty counties and the committee of
//! 长白山, which no division code names. Names and parents as of the ministry's list of 2026.
//!
//! The demonstration, the simulator and the generator take their seats from here. A running hall
//! never does: its place is in the directory, and divisions move (公主岭 went from 四平 to 长春 in
//! 2020) while halls keep their names. Statistics-only zones such as 220171 are no divisions.

/// One seat: a hall's id, its name and the hall above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HallSeat {
    /// The hall's id: its division code, or a word where there is none.
    pub hall: &'static str,
    /// The division's or office's name.
    pub name: &'static str,
    /// The hall above; none for the province.
    pub parent: Option<&'static str>,
}

impl HallSeat {
    /// Whether a division code names it; 长白山's committee has none.
    pub fn has_code(&self) -> bool {
        self.hall.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Steps below the province: 0, 1 or 2.
    pub fn depth(&self) -> usize {
        self.parent.and_then(hall).map_or(0, |above| above.depth() + 1)
    }
}

/// All 71 seats, each after its parent.
pub fn halls() -> &'static [HallSeat] {
    HALLS
}

/// The seat with this hall id.
pub fn hall(id: &str) -> Option<&'static HallSeat> {
    HALLS.iter().find(|seat| seat.hall == id)
}

/// The seats directly below `id`, in order.
pub fn below(id: &str) -> impl Iterator<Item = &'static HallSeat> {
    HALLS.iter().filter(move |seat| seat.parent == Some(id))
}

/// The committee's hall id.
pub const CHANGBAISHAN: &str = "changbaishan";

const fn seat(hall: &'static str, name: &'static str, parent: &'static str) -> HallSeat {
    HallSeat { hall, name, parent: Some(parent) }
}

const HALLS: &[HallSeat] = &[
    HallSeat { hall: "220000", name: "吉林省", parent: None },
    seat("220100", "长春市", "220000"),
    seat("220102", "南关区", "220100"),
    seat("220103", "宽城区", "220100"),
    seat("220104", "朝阳区", "220100"),
    seat("220105", "二道区", "220100"),
    seat("220106", "绿园区", "220100"),
    seat("220112", "双阳区", "220100"),
    seat("220113", "九台区", "220100"),
    seat("220122", "农安县", "220100"),
    seat("220182", "榆树市", "220100"),
    seat("220183", "德惠市", "220100"),
    seat("220184", "公主岭市", "220100"),
    seat("220200", "吉林市", "220000"),
    seat("220202", "昌邑区", "220200"),
    seat("220203", "龙潭区", "220200"),
    seat("220204", "船营区", "220200"),
    seat("220211", "丰满区", "220200"),
    seat("220221", "永吉县", "220200"),
    seat("220281", "蛟河市", "220200"),
    seat("220282", "桦甸市", "220200"),
    seat("220283", "舒兰市", "220200"),
    seat("220284", "磐石市", "220200"),
    seat("220300", "四平市", "220000"),
    seat("220302", "铁西区", "220300"),
    seat("220303", "铁东区", "220300"),
    seat("220322", "梨树县", "220300"),
    seat("220323", "伊通满族自治县", "220300"),
    seat("220382", "双辽市", "220300"),
    seat("220400", "辽源市", "220000"),
    seat("220402", "龙山区", "220400"),
    seat("220403", "西安区", "220400"),
    seat("220421", "东丰县", "220400"),
    seat("220422", "东辽县", "220400"),
    seat("220500", "通化市", "220000"),
    seat("220502", "东昌区", "220500"),
    seat("220503", "二道江区", "220500"),
    seat("220521", "通化县", "220500"),
    seat("220523", "辉南县", "220500"),
    seat("220524", "柳河县", "220500"),
    seat("220581", "梅河口市", "220500"),
    seat("220582", "集安市", "220500"),
    seat("220600", "白山市", "220000"),
    seat("220602", "浑江区", "220600"),
    seat("220605", "江源区", "220600"),
    seat("220621", "抚松县", "220600"),
    seat("220622", "靖宇县", "220600"),
    seat("220623", "长白朝鲜族自治县", "220600"),
    seat("220681", "临江市", "220600"),
    seat("220700", "松原市", "220000"),
    seat("220702", "宁江区", "220700"),
    seat("220721", "前郭尔罗斯蒙古族自治县", "220700"),
    seat("220722", "长岭县", "220700"),
    seat("220723", "乾安县", "220700"),
    seat("220781", "扶余市", "220700"),
    seat("220800", "白城市", "220000"),
    seat("220802", "洮北区", "220800"),
    seat("220821", "镇赉县", "220800"),
    seat("220822", "通榆县", "220800"),
    seat("220881", "洮南市", "220800"),
    seat("220882", "大安市", "220800"),
    seat("222400", "延边朝鲜族自治州", "220000"),
    seat("222401", "延吉市", "222400"),
    seat("222402", "图们市", "222400"),
    seat("222403", "敦化市", "222400"),
    seat("222404", "珲春市", "222400"),
    seat("222405", "龙井市", "222400"),
    seat("222406", "和龙市", "222400"),
    seat("222424", "汪清县", "222400"),
    seat("222426", "安图县", "222400"),
    seat(CHANGBAISHAN, "长白山管委会", "220000"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_whole() {
        assert_eq!(halls().len(), 1 + 9 + 60 + 1);
        assert_eq!(below("220000").count(), 10);
        assert_eq!(halls().iter().filter(|seat| seat.depth() == 2).count(), 60);
        for (index, seat) in halls().iter().enumerate() {
            let above = halls().iter().position(|other| Some(other.hall) == seat.parent);
            assert_eq!(above.is_none(), index == 0, "{}", seat.name);
            assert!(above.is_none_or(|above| above < index), "{} is after its parent", seat.name);
            assert!(halls().iter().filter(|other| other.hall == seat.hall).count() == 1);
            assert_eq!(seat.has_code(), seat.hall != CHANGBAISHAN);
        }
        assert_eq!(hall("220184").unwrap().parent, Some("220100"), "公主岭 moved in 2020");
    }
}
