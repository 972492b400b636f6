-- A text in which the 25 characters that GB 18030-2000 put into the private area of Unicode are those of GB 18030-2022: what one department
-- exports in GB18030 and another one in UTF-8 is the same text. (The private ones are written as they are: most screens show them as boxes.)
-- value: any text
select case
    when regexp_matches(value, '[\x{E78D}-\x{E796}\x{E7C7}\x{E816}-\x{E818}\x{E81E}-\x{E864}]')
        then translate(value, '', '︐︒︑︓︔︕︖︗︘︙ḿ𠂇𠂉𠃌龴龵龶龷𡗗龸𢦏龹龺𤇾龻')
    else value
end
