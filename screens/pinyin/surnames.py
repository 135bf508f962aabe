"""Surnames, the commonest first, and the readings only surnames have.

Read by `screens.pinyin.build` alone. Characters of double surnames stand one by one, because
names are typed one character at a time.
"""

BY_FREQUENCY = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
    "易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄"
    "辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包"
    "司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党"
    "燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟"
    "栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺水云昌凤酆皮卿濮羿满弘国寇广阙东沃利蔚越夔隆师"
    "厍晁勾融訾阚那空毋乜养须丰巢蒯相后红游竺权逯盍益桓公区朴繁员尉令诸葛欧上官司徒东方夏侯皇甫"
    "端木慕容鲜于宇文长孙澹台万俟呼延轩辕百里南宫独孤拓跋种召洗能盛撒黑折适邝麦雍却璩濯扶堵宰郦缪隗"
)

READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou", "朴": "piao",
    "尉": "yu", "翟": "zhai", "薄": "bo", "覃": "qin", "盖": "ge", "乐": "yue",
    "澹": "tan", "种": "chong", "召": "shao", "洗": "xian", "能": "nai", "折": "she", "繁": "po",
    "员": "yun", "乜": "nie", "阚": "kan",
    "缪": "miao",
}  # fmt: skip
"""The reading a surname has where the dictionary begins with another, or gives several."""

SECOND_READINGS = (
    ("翟", "di"), ("单", "chan"), ("万", "mo"), ("乐", "le"), ("覃", "tan"), ("盖", "gai"),
    ("宁", "ning"), ("谌", "shen"), ("尉", "wei"), ("解", "jie"), ("区", "qu"), ("朴", "pu"),
    ("曾", "ceng"), ("仇", "chou"), ("查", "cha"), ("缪", "mou"), ("隗", "wei"), ("能", "neng"),
)  # fmt: skip
"""Readings some families or some citizens use for the same surname."""
