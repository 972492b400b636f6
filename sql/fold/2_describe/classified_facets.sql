-- becomes: a table
-- Grain: one combination of descriptions, classified by the source profile (docs/method.md §2-4).
-- facet_key: digest of the texts, the same in every warehouse
-- item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel, statutory_text, type_hint: as delivered
-- statutory_days: 法定时限 in working days, which is its unit unless it says otherwise (docs/method.md §5); NULL in any other unit
-- item_type: national code 01-10, 20; '' where unclassified
-- item_type_label: the type's label; where unclassified the text as delivered, or 未注明
-- group_key: of the profile; unclassified where the source's own table lacks the type
-- area_code: GB/T 2260, six digits where the other six are zeros; from the item code where the area is blank
-- is_in_scope: whether the area is the profile's scope (省本级); a profile without areas takes everything in
-- is_area_readable: whether the area is an area code at all
-- is_type_disagreeing: the item code tells another type; the type column wins
-- is_body_code_wrong: a 统一社会信用代码, in the item code or as the department's, whose check digit does not fit (GB 32100-2015)
with folded as (
    select
        *,
        comparable(item_type_text) as type_name,
        comparable(regexp_extract(item_code, $type_pattern, 1)) as coded_name,
        comparable(type_hint) as hinted_name,
        case when area_text <> '' then area_text else regexp_extract(item_code, $area_pattern, 1) end as area
    from facets_to_classify
),
names as (
    -- a name means one type, whatever a profile says
    select name, min(item_type) as item_type from type_names group by name
),
types as (
    select item_type, min(label) as label, min(group_key) as group_key from item_types group by item_type
),
parted as (
    select
        *,
        regexp_replace(type_name, '^[0-9][0-9a-z]?[-_.:、()]*|[-_.:、(]*[0-9][0-9a-z]?[)]?$', '', 'g') as label_part,
        regexp_extract(type_name, '^([0-9][0-9a-z]?)[^0-9a-z]', 1) as code_part
    from folded
),
wild as (
    select type_name, item_type
    from (
        select p.type_name, w.item_type, row_number() over (partition by p.type_name order by w.position) as place
        from (select distinct type_name from parted) p
        join type_wildcards w on regexp_matches(p.type_name, w.pattern)
    ) ranked
    where place = 1
),
typed as (
    select
        p.*,
        case
            when p.type_name <> '' then coalesce(whole.item_type, labelled.item_type, numbered.item_type, wild.item_type, '')
            else coalesce(coded.item_type, hinted.item_type, wild.item_type, '')
        end as item_type,
        coalesce(coded.item_type, '') as coded_type
    from parted p
    left join names whole on whole.name = p.type_name
    left join names labelled on labelled.name = p.label_part
    left join names numbered on numbered.name = p.code_part
    left join names coded on coded.name = p.coded_name
    left join names hinted on hinted.name = p.hinted_name
    left join wild on wild.type_name = p.type_name
),
keyed as (
    select
        *,
        md5(concat_ws('|', item_type_text, item_code, item_name, department, department_code, area_text, case_kind, channel,
            statutory_text, type_hint))
            as facet_key
    from typed
),
body_codes as (
    select facet_key, regexp_extract(item_code, '([0-9A-Z]{18})-[0-9]+-[0-9]+$', 1) as code
    from keyed
    union all
    select facet_key, case when regexp_matches(department_code, '^[0-9A-Z]{18}$') then department_code else '' end as code
    from keyed
),
places as (
    select cast(unnested as integer) as place from (select unnest(generate_series(1, 17)) as unnested) series
),
wrong as (
    -- each of the first 17 characters weighs 3^(place-1) modulo 31; the letters I, O, S, V, Z do not occur
    select distinct facet_key
    from (
        select
            c.facet_key, c.code,
            sum((strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(c.code, p.place, 1)) - 1)
                * cast(split_part('1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28', ',', p.place) as integer)) as total,
            min(strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(c.code, p.place, 1))) as least
        from (select facet_key, code from body_codes where code <> '' group by facet_key, code) c
        cross join places p
        group by c.facet_key, c.code
    ) weighed
    where least = 0 or substr(code, 18, 1) <> substr('0123456789ABCDEFGHJKLMNPQRTUWXY', cast((31 - total % 31) % 31 as integer) + 1, 1)
)
select
    k.facet_key,
    k.item_type_text, k.item_code, k.item_name, k.department, k.department_code, k.area_text, k.case_kind, k.channel,
    k.statutory_text, k.type_hint,
    case
        when regexp_matches(k.statutory_text, '^[0-9]{1,4}(个?工作日)?$')
            then cast(regexp_extract(k.statutory_text, '^([0-9]+)', 1) as integer)
    end as statutory_days,
    k.item_type,
    coalesce(t.label, nullif(k.item_type_text, ''), '未注明') as item_type_label,
    coalesce(t.group_key, 'unclassified') as group_key,
    case when regexp_matches(k.area, '^[0-9]{6}000000$') then substr(k.area, 1, 6) else k.area end as area_code,
    not exists (select 1 from scope_areas) or exists (select 1 from scope_areas a where a.area_code = k.area) as is_in_scope,
    not exists (select 1 from scope_areas) or regexp_matches(k.area, '^[1-9][0-9]{5}([0-9]{3}){0,2}$')
        or exists (select 1 from scope_areas a where a.area_code = k.area)
        as is_area_readable,
    k.item_type <> '' and k.coded_type <> '' and k.item_type <> k.coded_type as is_type_disagreeing,
    w.facet_key is not null as is_body_code_wrong
from keyed k
left join types t on t.item_type = k.item_type
left join wrong w on w.facet_key = k.facet_key
