"""From case exports to a warehouse and the statistics section of the weekly bulletin.

            cli/          weekly.py  rerun.py  service/         doors     print · Prefect
              └──────────────┬───────────┘
                           jobs/                                one file a command: what happens, in order
        ┌──────────────┬─────┴───────┬──────────────┐
   warehouse/       figures/      checks/        report/        rooms     never import one another: a job hands over
        │  └───────────┼─────────────┘              │                     what one needs of another
      root/         engine/                         │           tools     what lies on disk · what runs sql/
        └──────┬───────┘                            │
            sources/                                │           tools     bytes → tables of text
               └──────────── domain/ ───────────────┘           words     what each noun means

A folder imports only folders that a line leads down to. Inside a folder, a file imports only files above it in the
list of the folder's __init__. Read first: domain/cases.py, sql/public/counts_in_window.sql, tests/method/, jobs/weekly.py,
warehouse/fold.py.
"""
