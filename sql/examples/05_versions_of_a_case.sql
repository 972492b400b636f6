-- zh: 一件办件的全部版本
-- en: every version of one case
select * from case_versions where case_no = '510000-20220708-200002'
