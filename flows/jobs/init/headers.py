"""What the words of a header tell: which meaning a column may have."""

from flows.sources.columns import Column

# Words of a header that tell what it is where no whole name does, the surer ones first; the content has to fit as well.
WORDS = {
    "case_no": (
        "case number no num nr key reference ref request permit incident id expediente registro protocolo dossier aktenzeichen "
        "编号 文号 单号 流水号 受理号 案号 件号 編號 案號 號"
    ),
    "accepted_at": (
        "received opened open created submitted filed requested reported intake received application applied notice alarm call "
        "start started begin in solicitud entrada alta apertura abertura depot ouverture reception eingang antrag "
        "受理 登记 留言 来信 诉求 立案 申请 提交 反映 登記 申請"
    ),
    "completed_at": (
        "closed close completed resolved finaled final decision disposed issued issue ended end resolucion cierre conclusao "
        "fechamento cloture erledigt abschluss 办结 答复 回复 完成 决定 结案 核准 結案 回覆"
    ),
    "item_type": (
        "type category kind classification class product subject tipo categoria categorie art nature 类型 类别 分类 种类 事项 類型 類別"
    ),
    "department": (
        "department agency office division bureau unidad organo orgao departamento direction amt behorde "
        "部门 单位 机关 机构 單位 機關"
    ),
    "status": "status estado statut etat stand 状态 狀態",
    "activity": "activity event concept task step action status stage 环节 活动 节点 步骤 狀態 状态",
    "event_at": "timestamp complete completed end time date 时间 時間 日期",
}  # fmt: skip
NO_OPENING = (
    "due expiration expire expiry expected target planned deadline updated update modified birth effective last next "
    "承诺 限 更新 有效 到期 截止"
)
BARE = ("date", "datetime", "timestamp", "time", "日期", "时间", "時間", "fecha", "datum")
# What stands beside a number that is unique only within it.
WITHIN = "department agency district area region office branch county city year series 区 县 年度 年份 單位 单位 部门"
PARTS_OF_DAYS = ("year", "month", "day", "年", "月", "日", "anio", "mes", "dia")
_COUNTERS = ("objectid", "fid", "oid", "index", "rowno", "row", "序号", "序號")
# What each answer is called on the command line → the column of the profile.


def is_counter(column: Column) -> bool:
    return column.header.lower().replace("_", "") in _COUNTERS or (column.is_counter and not column.words)


def has_word(column: Column, words: str) -> bool:
    return place_of_word(column, words) < len(words.split())


def place_of_word(column: Column, words: str) -> int:
    """Which of the words is the first that the header has; their number if none.

    A Latin one stands between its marks and capitals, or ends or begins what is written together as FILENO and ISSUEDATE are; a
    Chinese one stands anywhere.
    """
    own, listed = column.words, words.split()

    def has(word: str) -> bool:
        if not word.isascii():
            return word in column.header
        return word in own or any(
            (len(word) > 3 and each.startswith(word)) or (len(each) > 4 and each.endswith(word)) for each in own
        )

    return next((place for place, word in enumerate(listed) if has(word)), len(listed))
