-- zh: 本周段落中的数字
-- en: the figures of the paragraph
select * from year_to_date('2022-07-22')
