-- Whether a cell is an error that a spreadsheet or a formula left, or the formula had no value (#NO_VALUE!, or in a text the formula itself): it could not be read, which is not the same as empty.
-- value: a clean text (clean_text)
select value like '#%' and regexp_matches(
    value, '^#(N/A|REF!|VALUE!|DIV/0!|NAME[?]|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!|BLOCKED!|BUSY!|CONNECT!|EXTERNAL!|FIELD!|PYTHON!|UNKNOWN!|NO_VALUE!)$')
    or value like '=%' and regexp_matches(value, '^=[A-Za-z][A-Za-z0-9.]*[(]')
    or value like 'Err:%' and regexp_matches(value, '^Err:[0-9]{3}$')
