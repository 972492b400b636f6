-- A time's text with one character for each mark and one word for each half of the day: lower case, single blanks, no day of the week;
-- 上午 and A.M. as am, 下午 and P.M. as pm.
-- value: a clean text (clean_text) in half width
select regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(lower(value), '[\x{2010}-\x{2015}\x{2212}]', '-', 'g'),
                        '\x{2236}', ':', 'g'),
                    '[ (]*(星期|周|礼拜)[一二三四五六日天][ )]*', ' ', 'g'),
                '上午|凌晨|a[.]m[.]', 'am', 'g'),
            '下午|p[.]m[.]', 'pm', 'g'),
        ',? +', ' ', 'g'),
    '^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]? ', '', 'g')
