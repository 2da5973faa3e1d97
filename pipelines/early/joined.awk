# joined.awk: the logs of a run's segments as one; of an epoch that two of them
# have the first row counts.  With until=E no epoch after E.
# absent.awk comes first: if a segment diverged, there is no log.
!absent[""] && (NR == 1 || FNR > 1 && (until == "" || $1 + 0 <= until + 0) && !seen[$1]++)
