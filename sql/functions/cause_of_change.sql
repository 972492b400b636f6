-- Why a case counts in a figure and did not before, or the other way round; the first that holds of withdrawn 撤回, voided 作废,
-- restored 恢复, rules 口径, retyped 改类, moved 移出移入, new 新增, late 补报, corrected 更正. What was not known is NULL.
-- is_known: the case is known now
-- is_excluded: it counts nowhere now
-- was_excluded: it counted nowhere before
-- has_same_outcome: its result and status are as before
-- has_same_facet: its descriptions are as before
-- group_now: its line of the section now
-- group_before: its line before
-- day_before: the day it counted on before
-- is_new: it counts now, on a day after the end of the week before
-- counts_now: it counts now
select case
    when not is_known then 'withdrawn'
    when is_excluded <> was_excluded and has_same_outcome then 'rules'
    when is_excluded and not was_excluded then 'voided'
    when was_excluded and not is_excluded then 'restored'
    when group_now <> group_before and has_same_facet then 'rules'
    when group_now <> group_before and 'out_of_scope' in (group_now, group_before) then 'moved'
    when group_now <> group_before then 'retyped'
    when is_new then 'new'
    when counts_now and day_before is null then 'late'
    else 'corrected'
end
