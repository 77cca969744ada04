"""China's plan as facts: who holds which mobile codes, area codes and their lengths, services and who answers there.

Sources: the MIIT notice of 2023-03 (mobile codes by H0 digit), libphonenumber (lengths behind area codes), the carriers' and firms' own
publications (services). A range that none of them has a word on is implausible and no more: tables grow old.
"""

from catflap_probe.verdict import kinds

DATED = "2023-03"
"""The date of the mobile codes. Name it anew together with them."""

MOBILES = {
    "中国移动": "1340 1341 1342 1343 1344 1345 1346 1347 1348 135 136 137 138 139 147 148 150 151 152 157 158 159 "
    "172 178 182 183 184 187 188 195 197 198",
    "中国联通": "130 131 132 145 146 155 156 166 175 176 185 186 196",
    "中国电信": "133 149 153 173 177 180 181 189 190 191 193 199",
    "中国广电": "192",
    "移动网虚拟运营商": "165 1703 1705 1706",
    "联通网虚拟运营商": "167 1704 1707 1708 1709 171",
    "电信网虚拟运营商": "162 1700 1701 1702",
}
SATELLITES = {
    "中国电信卫星": "13492 13493 13499 17400 17401 17402 17403 17404 17405",
    "卫星通信": "17406 17407 17408 17409 17410 17411 17412 1749",
    "中国星网": "1619",
}
NEVER = "140 141 142 143 144 154 160 161 163 164 168 169 179 194"
"""Marked as never given out, for eleven digits; a longer code above has its own word."""

OPENED_LATER = ""
"""Ranges met in use that were given out after DATED: implausible until the codes above and their date are renewed."""

IOT = "140 141 144 1064"
"""Cards in machines, thirteen digits."""

LONG_AREAS = (
    "010 020 021 022 023 024 025 027 028 029 0311 0371 0377 0379 0411 "
    "0431 0432 0451 0510 0511 0512 0513 0514 0515 0516 0517 0518 0519 "
    "0523 0527 0531 0532 0551 0571 0573 0574 0575 0576 0577 0579 0591 0595 "
    "0731 0755 0757 0760 0769 0791 0871 0898"
)
"""Eight digits behind these."""

GROWING_AREAS = "0433 0435 0754 0851"
"""Seven digits or eight."""

AREAS = (
    "010北京 020广州 021上海 022天津 023重庆 024沈阳/抚顺/本溪/铁岭 025南京 027武汉 028成都/眉山/资阳 "
    "029西安/咸阳 0310邯郸 0311石家庄 0312保定 0313张家口 0314承德 0315唐山 0316廊坊 0317沧州 "
    "0318衡水 0319邢台 0335秦皇岛 0349朔州 0350忻州 0351太原 0352大同 0353阳泉 0354晋中 0355长治 0356晋城 0357临汾 0358吕梁 0359运城 "
    "0370商丘 0371郑州/开封 0372安阳 0373新乡 0374许昌 0375平顶山 0376信阳 0377南阳 0379洛阳 0391焦作/济源 0392鹤壁 0393濮阳 0394周口 "
    "0395漯河 0396驻马店 0398三门峡 0411大连 0412鞍山 0415丹东 0416锦州 0417营口 0418阜新 "
    "0419辽阳 0421朝阳 0427盘锦 0429葫芦岛 0431长春 0432吉林 0433延边 0434四平 0435通化 0436白城 0437辽源 0438松原 0439白山 0451哈尔滨 "
    "0452齐齐哈尔 0453牡丹江 0454佳木斯 0455绥化 0456黑河 0457大兴安岭 0458伊春 0459大庆 0464七台河 0467鸡西 0468鹤岗 0469双鸭山 "
    "0470呼伦贝尔 0471呼和浩特 0472包头 0473乌海 0474乌兰察布 0475通辽 0476赤峰 0477鄂尔多斯 0478巴彦淖尔 0479锡林郭勒 0482兴安 "
    "0483阿拉善 0510无锡 0511镇江 0512苏州 0513南通 0514扬州 0515盐城 0516徐州 0517淮安 "
    "0518连云港 0519常州 0523泰州 0527宿迁 0530菏泽 0531济南 0532青岛 0533淄博 0534德州 0535烟台 0536潍坊 0537济宁 0538泰安 0539临沂 "
    "0543滨州 0546东营 0550滁州 0551合肥/巢湖 0552蚌埠 0553芜湖 0554淮南 0555马鞍山 0556安庆 0557宿州 0558阜阳/亳州 0559黄山 0561淮北 "
    "0562铜陵 0563宣城 0564六安 0566池州 0570衢州 0571杭州 0572湖州 0573嘉兴 0574宁波 0575绍兴 0576台州 0577温州 0578丽水 0579金华 "
    "0580舟山 0591福州 0592厦门 0593宁德 0594莆田 0595泉州 0596漳州 0597龙岩 0598三明 0599南平 "
    "0631威海 0632枣庄 0633日照 0634莱芜 0635聊城 0660汕尾 0662阳江 0663揭阳 0668茂名 0691西双版纳 0692德宏 "
    "0701鹰潭 0710襄阳 0711鄂州 0712孝感 0713黄冈 0714黄石 0715咸宁 0716荆州 0717宜昌 0718恩施 0719十堰 0722随州 0724荆门 0728仙桃/江汉 "
    "0730岳阳 0731长沙/株洲/湘潭 0734衡阳 0735郴州 0736常德 0737益阳 0738娄底 0739邵阳 0743湘西 0744张家界 0745怀化 0746永州 0750江门 "
    "0751韶关 0752惠州 0753梅州 0754汕头 0755深圳 0756珠海 0757佛山 0758肇庆 0759湛江 0760中山 0762河源 0763清远 0766云浮 0768潮州 "
    "0769东莞 0770防城港 0771南宁/崇左 0772柳州/来宾 0773桂林 0774梧州/贺州 0775玉林/贵港 0776百色 0777钦州 0778河池 0779北海 0790新余 "
    "0791南昌 0792九江 0793上饶 0794抚州 0795宜春 0796吉安 0797赣州 0798景德镇 0799萍乡 "
    "0812攀枝花 0813自贡 0816绵阳 0817南充 0818达州 0825遂宁 0826广安 0827巴中 0830泸州 0831宜宾 0832内江 0833乐山 0834凉山 0835雅安 "
    "0836甘孜 0837阿坝 0838德阳 0839广元 0851贵阳/遵义/安顺 0854黔南 0855黔东南 0856铜仁 0857毕节 0858六盘水 0859黔西南 0870昭通 "
    "0871昆明 0872大理 0873红河 0874曲靖 0875保山 0876文山 0877玉溪 0878楚雄 0879普洱 0883临沧 0886怒江 0887迪庆 0888丽江 0891拉萨 "
    "0892日喀则 0893山南 0894林芝 0895昌都 0896那曲 0897阿里 0898海口/三亚 0901塔城 0902哈密 "
    "0903和田 0906阿勒泰 0908克孜勒苏 0909博尔塔拉 0911延安 0912榆林 0913渭南 0914商洛 0915安康 0916汉中 0917宝鸡 0919铜川 0930临夏 "
    "0931兰州 0932定西 0933平凉 0934庆阳 0935武威/金昌 0936张掖 0937酒泉/嘉峪关 0938天水 0939陇南 0941甘南 0943白银 0951银川 0952石嘴山 "
    "0953吴忠 0954固原 0955中卫 0970海北 0971西宁 0972海东 0973黄南 0974海南州 0975果洛 0976玉树 0977海西 0979格尔木 0990克拉玛依 "
    "0991乌鲁木齐 0992奎屯 0993石河子 0994昌吉 0995吐鲁番 0996巴音郭楞 0997阿克苏 0998喀什 0999伊犁"
)
"""Seven digits behind the others. 0634 was joined to 0531 in 2019; 0978 is known to libphonenumber alone."""

NAMELESS_AREAS = "0978"

STATE_SERVICES = (
    "110公安报警 119消防救援 120医疗急救 122交通事故报警 12110公安短信报警 12122高速公路 12301旅游 12305邮政申诉 12306铁路客服 "
    "12309检察服务 12313烟草专卖 12315市场监管 12316农业农村 12318文化市场 12320卫生健康 12321网络不良信息举报 12326民航服务 "
    "12328交通运输 12329住房公积金 12333人力资源社会保障 12335商务 12336自然资源 12337扫黑除恶举报 12338妇女维权 12339国家安全举报 "
    "12340统计调查 12345政务服务 12348法律服务 12350安全生产举报 12351职工维权 12355青少年服务 12356心理援助 12358价格举报 12360海关 "
    "12363金融消费权益 12366税务 12367移民管理 12368诉讼服务 12369生态环境举报 12371党员服务 12377网络违法举报 12378银行保险消费 "
    "12380组织举报 12381涉诈预警 12385残疾人服务 12386证券投诉 12388纪检监察举报 12389公安督察 12393医疗保障 12395水上搜救 96110反诈劝阻"
)
CARRIER_SERVICES = (
    "114号码百事通 10000中国电信 10001中国电信 10010中国联通 10011中国联通 10015中国联通 10016中国联通 10018中国联通 10050中国移动 "
    "10085中国移动 10086中国移动 10099中国广电 11183邮政速递 11185中国邮政 116114中国联通 118114中国电信"
)
FIRMS = (
    # banks
    "95588工商银行 95533建设银行 95566中国银行 95599农业银行 95559交通银行 95580邮政储蓄银行 95555招商银行 95558中信银行 95561兴业银行 "
    "95568民生银行 95528浦发银行 95595光大银行 95577华夏银行 95508广发银行 95511平安 95526北京银行 95594上海银行 95574宁波银行 "
    "95527浙商银行 95541渤海银行 95302南京银行 95319江苏银行 95516中国银联 95188支付宝 95017腾讯"
    # insurers
    "95518人保财险 95519中国人寿 95500太平洋保险 95522泰康保险 95567新华保险 95589中国太平 95505天安财险 95509华泰保险 95510阳光保险 "
    "95556华安保险 95590大地保险 95515合众人寿 95585中华联合保险 95502永安保险"
    # brokers
    "95521国泰君安证券 95548中信证券 95551银河证券 95553海通证券 95562兴业证券 95565招商证券 95575广发证券 95579长江证券 "
    "95587中信建投证券 95597华泰证券 95525光大证券 95536国信证券 95538中泰证券 95571方正证券 95523申万宏源证券 95573山西证券 "
    "95584华西证券"
    # travel, parcels, energy, shops
    "95583国航 95530东航 95539南航 95339海航 95361厦航 95105105铁路订票 95010携程 95338顺丰 95311中通 95543申通 95546韵达 95554圆通 "
    "95353德邦 95598电力 950618京东"
)
CALL_CENTRES = "950 951 952 954 957"

CALLED_ONLY = "112 117 121 12117 12121 100 123 160 168 1080 1081 1082 1083 1084 1085 1086 1087 1088 1089"
"""Codes to call; the old ones without an owner's name are from libphonenumber."""

CARRIER_PREFIXES = (
    "10193 11808 12520 12590 12591 12592 12593 17901 17908 17909 17910 17911 17931 17951 17960 17961 17968 17969 17991 17995 17996"
)
SECOND_NUMBERS = "125831 125832 125833"
"""In front of a caller to the second, third or fourth number of one card (China Mobile)."""


def ranges(opened_later: str = OPENED_LATER) -> "list[tuple[str, list[int], int, str, str]]":
    """Every range as (prefix as displayed, lengths, kind, holder, place). A longer prefix goes before a shorter one, length by "
    "length."""
    found: list[tuple[str, list[int], int, str, str]] = []
    for kind, holders in ((kinds.MOBILE, MOBILES), (kinds.SATELLITE, SATELLITES)):
        for holder, codes in holders.items():
            found += [(code, [11], kind, holder, "") for code in codes.split()]
    found += [(code, [11], kinds.NEVER, "", "") for code in NEVER.split()]
    found += [(code, [11], kinds.OPENED_LATER, "", "") for code in opened_later.split()]
    found += [(code, [13], kinds.IOT, "物联网卡", "") for code in IOT.split()]
    for code, place in [*_named(AREAS), *((code, "") for code in NAMELESS_AREAS.split())]:
        counts = [8] if code in LONG_AREAS.split() else [7, 8] if code in GROWING_AREAS.split() else [7]
        found.append((code, [len(code) + count for count in counts], kinds.LANDLINE, "", place))
    return found + _services()


def _services() -> "list[tuple[str, list[int], int, str, str]]":
    # a firm may put a few digits of its own behind its code
    found: list[tuple[str, list[int], int, str, str]] = [
        ("100", [5, 6, 7, 8], kinds.SERVICE, "电信运营商", ""),
        ("101", [5, 6, 8], kinds.SERVICE, "", ""),
        ("111", [5, 6], kinds.SERVICE, "", ""),
        ("116", [5, 6], kinds.SERVICE, "", ""),
        ("118", [5, 6], kinds.SERVICE, "", ""),
        ("12", [5], kinds.SERVICE, "公共服务", ""),
        ("95", list(range(5, 13)), kinds.SERVICE, "", ""),
        ("96", [5, 6, 7], kinds.SERVICE, "地方服务", ""),
        ("106", list(range(5, 17)), kinds.MESSAGES_ONLY, "短信", ""),
        ("160", [8], kinds.PREMIUM, "", ""),
        ("168", [8], kinds.PREMIUM, "", ""),
        ("400", [10], kinds.SHARED_COST, "400 号码", ""),
        ("800", [10], kinds.TOLL_FREE, "800 号码", ""),
    ]
    found += [(code, list(range(5, 13)), kinds.CALL_CENTRE, "呼叫中心", "") for code in CALL_CENTRES.split()]
    found += [(code, [len(code)], kinds.SERVICE, holder, "") for code, holder in [*_named(STATE_SERVICES), *_named(CARRIER_SERVICES)]]
    found += [(code, list(range(len(code), 13)), kinds.SERVICE, holder, "") for code, holder in _named(FIRMS)]
    found += [(code, [len(code)], kinds.CALLED_ONLY, "", "") for code in CALLED_ONLY.split()]
    found += [(code, [len(code)], kinds.CARRIER_PREFIX, "", "") for code in CARRIER_PREFIXES.split()]
    found += [(code, [len(code)], kinds.SECOND_NUMBER, "", "") for code in SECOND_NUMBERS.split()]
    return found


def _named(entries: str) -> "list[tuple[str, str]]":
    """Codes, each with the name that is written behind it."""
    return [(entry.rstrip(name), name) for entry in entries.split() for name in [entry.lstrip("0123456789")]]
