-- Tables of the warehouse. Comments travel into it: after `--` at the table's line and at each column.

create table deliveries (        -- Grain: one loaded delivery 批次, in the order of the fold.
    delivery_no integer,         -- its place in the fold: by cut-off
    delivery_id varchar,         -- its cut-off date; a later one of the same folder has -2, -3 … behind
    cut_off date,                -- complete through the end of this day
    received_on date,            -- the day its newest file was received
    is_sample boolean,           -- 示例数据: invented cases
    file_count integer,          -- files
    rows_read bigint,            -- rows that hold anything
    rows_loaded bigint,          -- taken in as versions of cases
    rows_repeated bigint,        -- word for word what an earlier row of the same cut-off says
    rows_quarantined bigint      -- not readable, see quarantine
);

create table delivered_tables (  -- Grain: one table of a loaded file: a text file, or one worksheet.
    table_no integer,            -- its number in this warehouse
    delivery_no integer,         -- its delivery
    file varchar,                -- path below data/raw
    sheet varchar,               -- worksheet, or place within an archive; empty for a text file
    sha256 varchar,              -- digest of the file
    bytes bigint,                -- size of the file
    modified_ns bigint,          -- when the file was last written; spares reading it again to know it unchanged
    received_on date,            -- the day the file was received
    corrects boolean,            -- delivery.toml: outranks the others of its cut-off
    encoding varchar,            -- of text; else its form: xlsx, xls, xlsb, ods, html, xml, parquet
    header_row integer,          -- row of the header
    has_acceptance boolean,      -- speaks of acceptance
    has_completion boolean,      -- speaks of completion
    has_outcome boolean,         -- speaks of result or status
    personal_columns integer,    -- columns known to hold personal data, dropped
    other_columns integer,       -- other columns outside the allow-list, dropped
    is_hidden boolean,           -- a hidden worksheet
    is_truncated boolean,        -- says at its end that it is not whole
    rows_around bigint,          -- totals, notes and repeated headers, which are no cases
    rows_read bigint,            -- rows that hold anything
    rows_loaded bigint,          -- taken in as versions of cases
    rows_repeated bigint,        -- word for word what an earlier row of the same cut-off says
    rows_quarantined bigint      -- not readable
);

create table delivered_columns ( -- Grain: one column of a delivered table, by its header; of a dropped one nothing but the name is kept.
    table_no integer,            -- its table
    position integer,            -- its place, from 1
    header varchar,              -- its name as delivered
    meaning varchar,             -- what it is read as; empty: outside the allow-list, dropped
    is_personal boolean          -- known to hold personal data
);

create table reading_doubts (    -- Grain: one thing that the reader of a delivered file was not sure of.
    delivery_no integer,         -- the delivery
    file varchar,                -- path below data/raw
    sheet varchar,               -- worksheet, or place within an archive; empty for a text file
    row_no bigint,               -- row, as a spreadsheet counts; 0: the whole table
    column_name varchar,         -- the column; empty: the whole row
    doubt varchar,               -- its kind: passed_over, continued, merged …
    taken_for varchar,           -- what it was taken for, in Chinese
    taken_for_en varchar,        -- the same in English
    row_count bigint,            -- rows concerned; 0: not known
    is_loss boolean              -- holds rows that were not read
);

create table facets (            -- Grain: one combination of descriptions that cases share.
    facet_id integer,            -- its number in this warehouse
    facet_key varchar,           -- digest of the texts as delivered
    item_type_text varchar,      -- 事项类型 as delivered
    item_code varchar,           -- 实施编码
    item_name varchar,           -- 事项名称
    department varchar,          -- 实施主体 or 受理部门
    department_code varchar,     -- its code
    area_text varchar,           -- 行政区划 as delivered
    case_kind varchar,           -- 办件类型
    channel varchar,             -- 申请方式
    statutory_text varchar,      -- 法定时限 as delivered
    type_hint varchar,           -- item type told by the file's name
    statutory_days integer,      -- 法定时限 in working days; NULL where it has another unit
    item_type varchar,           -- national code 01-10, 20; empty where unclassified
    item_type_label varchar,     -- its label
    group_key varchar,           -- licence, public_service, other_power, unclassified
    area_code varchar,           -- GB/T 2260
    is_in_scope boolean,         -- 省本级
    is_area_readable boolean,    -- is an area code
    is_type_disagreeing boolean, -- the item code tells another type
    is_body_code_wrong boolean   -- a 统一社会信用代码 whose check digit does not fit
);

create table outcomes (          -- Grain: one pair of result and status that cases share.
    outcome_id integer,          -- its number in this warehouse
    outcome_key varchar,         -- digest of the texts as delivered
    result varchar,              -- 办结结果
    status varchar,              -- 办件状态
    is_void boolean,             -- 作废, 删除
    is_not_admitted boolean      -- 不予受理
);

create table case_states (       -- Grain: one state of one case; analysts use the views cases and case_versions.
    case_no varchar,             -- 办件编号
    facet_id integer,            -- descriptions
    outcome_id integer,          -- result and status
    applied_at timestamp,        -- 申请时间
    accepted_at timestamp,       -- 受理时间
    due_at timestamp,            -- 承诺办结时间
    completed_at timestamp,      -- 办结时间
    acceptance_since timestamp,  -- version time of the row that told its acceptance, 0001-01-01 where it has none; NULL: nobody spoke of it
    completion_since timestamp,  -- the same of the completion
    outcome_since timestamp,     -- the same of result and status
    table_no integer,            -- the table it was read from
    row_no bigint,               -- and its row there
    completion_table_no integer, -- the table its completion was read from; NULL: the same
    completion_row_no bigint,    -- and its row there
    from_delivery integer,       -- holds from this delivery on
    to_delivery integer          -- until this one; NULL: holds now; the same: delivered, but never believed
);

create table daily_count (       -- Grain: what one delivery changed for one day and one combination of categories. Signed: sum, never count rows.
    delivery_id varchar,         -- the delivery
    cut_off date,                -- its cut-off
    cause varchar,               -- data: what was delivered; rules: what changed rules of the profile made of it
    day date,                    -- the day of acceptance or completion
    item_type varchar,           -- 事项类型, national code
    item_type_label varchar,     -- its label
    group_key varchar,           -- licence, public_service, other_power, unclassified
    department varchar,          -- 实施主体 or 受理部门
    area_code varchar,           -- 行政区划
    is_in_scope boolean,         -- 省本级
    case_kind varchar,           -- 办件类型
    channel varchar,             -- 申请方式
    accepted bigint,             -- 受理, cases more or fewer
    completed bigint,            -- 办结, cases more or fewer
    carried_over bigint          -- of completed, accepted in an earlier year
);

create table quarantine (        -- Grain: one cell (or one whole row) that could not be read; its row is in no figure.
    item_no bigint,              -- its number in this warehouse
    delivery_id varchar,         -- the delivery
    file varchar,                -- path below data/raw
    sheet varchar,               -- worksheet, or place within an archive; empty for a text file
    row_no bigint,               -- row, as a spreadsheet counts
    rule varchar,                -- the broken rule (sql/rules/rows)
    column_name varchar,         -- the column; empty: the row's structure
    value varchar,               -- what stands there; never of a personal column
    reason varchar,              -- what is wrong, in Chinese
    case_no varchar,             -- 办件编号 of the row; empty where it cannot be read
    department varchar,          -- 实施主体 or 受理部门 of the row; empty where it is not known
    closed_by varchar            -- the later delivery that brought a readable row of the case; NULL: open
);

create table row_findings (      -- Grain: one table and one rule, with the rows that break it.
    table_no integer,            -- the table
    rule varchar,                -- the rule (sql/rules/rows)
    severity varchar,            -- quarantine, critical or warning
    row_count bigint             -- rows
);

create table finding_examples (  -- Grain: one of the first ten rows of a table that break a rule which does not quarantine.
    table_no integer,            -- the table
    rule varchar,                -- the rule (sql/rules/rows)
    row_no bigint,               -- row, as a spreadsheet counts
    column_name varchar,         -- the column
    value varchar                -- what stands there; of a case number its first six and last two characters
);

create table delivered_departments ( -- Grain: one table, one department and one group, as delivered.
    table_no integer,            -- the table
    department varchar,          -- 实施主体 or 受理部门
    group_key varchar,           -- licence, public_service, other_power, unclassified
    row_count bigint,            -- rows
    newest_at timestamp,         -- the newest acceptance or completion not after the cut-off
    has_clock boolean,           -- times hold an hour
    rows_completed bigint,       -- completed rows that are no 即办件 and hold hours
    rows_at_once bigint          -- of these, completed in the very second of acceptance
);

create table tolerances (        -- Grain: one tolerance by which this warehouse was judged (flows/domain/tolerances.toml).
    name varchar,                -- its name
    value double                 -- its value
);

create table expected_departments ( -- Grain: one department that the source profile expects each week.
    department varchar           -- 实施主体
);

create table control_totals (    -- Grain: one control total of a delivery.toml.
    cut_off date,                -- the cut-off
    folder varchar,              -- the folder it speaks of, below data/raw
    name varchar,                -- a file of it, a type or group, or rows: all of it
    expected bigint              -- rows
);

create table no_business (       -- Grain: one department without business, as a delivery.toml says.
    cut_off date,                -- the cut-off
    department varchar           -- 实施主体
);

create table waivers (           -- Grain: one waiver 放行: a rule that may be broken by the deliveries of a cut-off.
    rule varchar,                -- the rule
    cut_off date,                -- of which delivery
    reason varchar,              -- why
    waived_by varchar,           -- by whom, where it is known
    waived_on date,              -- when
    source varchar               -- delivery.toml or command line
);

create table published_figures ( -- Grain: one group of one published week, as it was signed.
    week_ending date,            -- the last day of the bulletin week
    issue integer,               -- 期, within the year
    serial integer,              -- 总期
    group_key varchar,           -- licence, public_service, other_power
    accepted bigint,             -- 受理, year-to-date
    completed bigint,            -- 办结, year-to-date
    carried_over bigint,         -- of completed, accepted in an earlier year
    published_by varchar,        -- who signed
    checked_by varchar,          -- who checked
    published_at timestamp,      -- when
    sha256 varchar               -- digest of the publication
);

create table publications (      -- Grain: one publication, whole: from it published/ can be written again.
    week_ending varchar,         -- the last day of the bulletin week, as its folder is called
    content varchar              -- publication.json
);

create table check_results (     -- Grain: one rule judged over this warehouse before it was swapped in.
    name varchar,                -- the rule
    severity varchar,            -- critical or warning
    is_passed boolean,           -- the verdict
    observed varchar,            -- what was found
    zh varchar,                  -- what the rule asks
    en varchar,                  -- the same in English
    broken bigint,               -- places where it is broken
    is_waived boolean,           -- somebody let it through (waivers)
    week_end date,               -- of the figures of which week; NULL: of all that was delivered
    said_zh varchar,             -- what is the case where the rule is broken; '' where it holds
    said_en varchar,             -- the same in English
    due_zh varchar,              -- what should have been found, in short
    due_en varchar               -- the same in English
);

create table check_places (      -- Grain: one of the first ten places where a rule is broken.
    name varchar,                -- the rule
    cut_off date,                -- of which delivery
    place varchar,               -- file, department, …
    observed varchar             -- what was found there
);

create table figure_groups (     -- Grain: one line of the section, in its order.
    position integer,            -- its place
    group_key varchar,           -- licence, public_service, other_power, unclassified, out_of_scope
    label varchar                -- its name
);

create table item_types (        -- Grain: one item type of the source profile.
    item_type varchar,           -- national code
    label varchar,               -- its label
    group_key varchar            -- its group
);

create table type_names (        -- Grain: one code or label that means an item type.
    name varchar,                -- as compared (comparable)
    item_type varchar            -- national code
);

create table type_wildcards (    -- Grain: one wildcard that means an item type; of several that fit the first does.
    position integer,            -- its place
    pattern varchar,             -- as a regular expression over compared names
    item_type varchar            -- national code
);

create table outcome_rules (     -- Grain: one result or status that does not count.
    rule varchar,                -- void or not_admitted
    column_name varchar,         -- result or status
    name varchar                 -- as compared (comparable)
);

create table scope_areas (       -- Grain: one area that is 省本级.
    area_code varchar            -- 行政区划
);

create table area_names (        -- Grain: one area that the source profile names.
    area_code varchar,           -- 行政区划, as in facets
    area_name varchar            -- its name
);

create table case_kinds (        -- Grain: one kind of case 办件类型 as the source writes it.
    position integer,            -- its place among the kinds
    name varchar,                -- as the source writes it
    label varchar,               -- its name: 即办件, 承诺件
    is_immediate boolean         -- completed as it is accepted
);

create table calendar_exceptions ( -- Grain: one day on which offices do not work though it is Monday to Friday, or work though it is not.
    day date,                    -- the day
    is_working_day boolean       -- 补班 (true) or 放假 (false), as the State Council has announced
);

create table calendar_years (    -- Grain: one year whose days off are announced.
    year integer                 -- the year
);

create table warehouse_info (    -- Grain: one fact about this warehouse.
    name varchar,                -- schema_version, profile, reading (digest of the profile's columns), classifications (how many were in force), calendar (digest of what is announced), built_at, folded_at (when it was last built anew)
    value varchar                -- its value
);
