-- A time's text with its date put first, as 2022-07-22 and whatever follows it; as it is where it begins with no date. Days and months
-- whose order nothing tells are no date.
-- value: a time's text (time_text)
-- is_month_first: whether the source's profile says that it writes 7/22/2022
-- is_day_first: whether it says 22/7/2022
-- has_two_digit_years: whether it says 22-07-22
select coalesce(
    case when is_month_first then month_first(value) end,
    case when is_day_first then day_first(value) end,
    case when has_two_digit_years then short_year(value) end,
    year_first(value), named_month(value), counted_time(value), value)
