"""What can be done now, and everything else."""

from screens.words.word import N_, Words

STEPS: dict[str, Words] = {
    "overview": Words("wait", "", N_("正在看您能办什么，请稍等"), N_("两秒钟就好。")),
    "menu": Words("menu", "", N_("您现在可以办"), N_("请按一下要办的业务。")),
    "others": Words("menu", "", N_("其他业务"), N_("按一下，告诉您为什么现在办不了、怎么办。")),
    "for_another": Words(
        "menu", "", N_("您要替别人办什么？"), N_("请带上他的证件，和您自己的身份证。")
    ),
    "elsewhere": Words(
        "menu", "", N_("其他业务"), N_("这些业务不在本机办，按一下，告诉您去哪里、带什么。")
    ),
}
