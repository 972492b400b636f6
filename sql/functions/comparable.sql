-- How two names are compared: full width as half width, no white space, lower case, 其它 as 其他 (as profiles.fold).
-- value: a type, status or result as delivered
select replace(
    lower(
        regexp_replace(
            case
                when regexp_matches(value, '[\x{FF01}-\x{FF5E}]') then translate(
                    value,
                    '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
                    '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~')
                else value
            end,
            '[\s\x{00A0}\x{3000}\x{FEFF}]+', '', 'g')),
    '其它', '其他')
