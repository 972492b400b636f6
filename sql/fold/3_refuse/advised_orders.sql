-- becomes: a table
-- Grain: one column of times that count, of which most cannot be read, and one order of dates that would read nearly all of them: 20 texts
-- and more, over half of the column's, of which nine in ten would be read.
-- table_no, column_name: the column: accepted_at or completed_at
-- date_order: month_first, day_first or short_year: what the source's profile would have to say
with unread as (
    select table_no, 'accepted_at' as column_name, accepted_unread as text from described_rows where accepted_unread is not null
    union all
    select table_no, 'completed_at' as column_name, completed_unread as text from described_rows where completed_unread is not null
),
many as (
    select table_no, column_name, count(*) as unread_count from unread group by table_no, column_name having count(*) >= 20
),
read_ones as (
    select r.table_no, count(r.accepted_at) as accepted_count, count(r.completed_at) as completed_count
    from described_rows r
    semi join many m on m.table_no = r.table_no
    group by r.table_no
),
most as (
    select m.table_no, m.column_name, m.unread_count
    from many m
    join read_ones r on r.table_no = m.table_no
    where m.unread_count > case when m.column_name = 'accepted_at' then r.accepted_count else r.completed_count end
),
seen as (
    select u.table_no, u.column_name, m.unread_count, visible(half_width(u.text)) as text
    from unread u
    join most m on m.table_no = u.table_no and m.column_name = u.column_name
),
spelled as (
    select table_no, column_name, unread_count, time_text(clean_seen(text)) as text from seen
),
tried as (
    select table_no, column_name, unread_count, 'month_first' as date_order, month_first(text) as dated_text from spelled
    union all
    select table_no, column_name, unread_count, 'day_first' as date_order, day_first(text) as dated_text from spelled
    union all
    select table_no, column_name, unread_count, 'short_year' as date_order, short_year(text) as dated_text from spelled
)
select table_no, column_name, date_order
from tried
group by table_no, column_name, date_order, unread_count
having count(clock_time(dated_text)) >= 0.9 * unread_count
