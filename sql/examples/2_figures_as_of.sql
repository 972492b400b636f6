-- zh: 某周截止时已知的数
-- en: what the deliveries through a cut-off tell
select * from year_to_date_as_of('2022-07-22', '2022-07-15')
