-- zh: 上月的数字，按当时所知
-- en: what last month's figures were, as of then
select * from counts_in_window('2022-06-01', '2022-06-30', '2022-06-30')
