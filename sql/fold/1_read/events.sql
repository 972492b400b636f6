-- becomes: newer values of staged_rows, by row_index
-- Grain: one event of an event log, staged as a row of its own: its case's last event becomes the case, the others stand around it.
-- row_index: the event
-- accepted_at: of the last event: when its case's first acceptance happened; NULL of the others
-- completed_at: of the last event: when its case's last completion happened; NULL while it is open
-- version_at: of the last event: when it happened, so that a later log of the case is the newer one
-- is_around: an event that is no case of its own
-- is_case: the last event
with activities as (
    -- few texts instead of all rows: what an activity is, by the profile
    select
        a.activity,
        coalesce(max(case when w.role = 'accepted' then 1 end), 0) = 1 as is_acceptance,
        coalesce(max(case when w.role = 'completed' then 1 end), 0) = 1 as is_completion
    from (
        select distinct comparable(split_part(coalesce(r.description, k.description), chr(31), 10)) as activity
        from staged_rows r
        left join known_descriptions k on r.description is null and k.description_key = r.description_key
        where r.is_case
    ) a
    left join event_activities w on regexp_matches(a.activity, w.pattern)
    group by a.activity
),
events as (
    select
        r.table_no, r.row_index, r.case_no, r.accepted_at as event_at,
        a.is_acceptance, a.is_completion,
        row_number() over (partition by r.table_no, r.case_no order by r.accepted_at desc, r.row_index desc) as place_from_last
    from staged_rows r
    left join known_descriptions k on r.description is null and k.description_key = r.description_key
    join activities a on a.activity = comparable(split_part(coalesce(r.description, k.description), chr(31), 10))
    where r.is_case and r.case_no <> '' and r.accepted_at is not null
),
cases as (
    select
        table_no, case_no,
        min(case when is_acceptance then event_at end) as accepted_at,
        max(case when is_completion and (place_from_last = 1 or not $must_be_last) then event_at end) as completed_at
    from events
    group by table_no, case_no
)
select
    e.row_index,
    case when e.place_from_last = 1 then c.accepted_at end as accepted_at,
    case when e.place_from_last = 1 then c.completed_at end as completed_at,
    case when e.place_from_last = 1 then e.event_at end as version_at,
    e.place_from_last > 1 as is_around,
    e.place_from_last = 1 as is_case
from events e
join cases c on c.table_no = e.table_no and c.case_no = e.case_no
