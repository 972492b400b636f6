-- A time's text whose day is written in Chinese numerals, 二〇二二年七月十八日, with 2022年7月18日 in their place; any other text as it is.
-- value: a time's text (time_text)
select case
    when regexp_matches(value, '^[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号][^一二三四五六七八九十]*$')
        then translate(
            replace(replace(replace(replace(replace(replace(
                value, '年十', '年一十'), '月十', '月一十'), '十月', '〇月'), '十日', '〇日'), '十号', '〇号'), '十', ''),
            '〇○零一二三四五六七八九', '000123456789')
    else value
end
