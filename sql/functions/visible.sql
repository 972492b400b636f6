-- A text as it is seen: characters that only format or control (U+200B-200F, 202A-202E, 2060-2069, FEFF, FFFE, FFFF, soft hyphen, U+001A …) are
-- gone, private forms are standard ones (standard_form), and each blank of whatever kind or width, line break or tab is one blank (docs/method.md §4).
-- value: any text
select regexp_replace(
    regexp_replace(
        standard_form(value),
        '[\x{00}-\x{08}\x{0E}-\x{1F}\x{7F}-\x{84}\x{86}-\x{9F}\x{AD}\x{061C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}\x{FFFE}\x{FFFF}]+',
        '', 'g'),
    '[\x{09}-\x{0D}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]', ' ', 'g')
