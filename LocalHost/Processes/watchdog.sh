#!/bin/sh
# Outlives the host by a moment. The host writes "+ PID SIGNAL SECONDS" and "- PID" to our input. Its end, however it came, closes that input:
# whatever is still listed is then stopped, and its process group killed when it takes longer than it may.
trap '' INT TERM HUP PIPE
exec 2>/dev/null
data=$1
listed=''

while read -r action pid signal seconds; do
  kept=''
  for entry in $listed; do
    [ "${entry%%:*}" = "$pid" ] || kept="$kept $entry"
  done
  listed=$kept
  [ "$action" = + ] && listed="$pid:$signal:$seconds $listed"
done

rm -f "$data/stack.json"

stop() {
  pid=${1%%:*}
  rest=${1#*:}
  polls=$((${rest#*:} * 10))
  kill -s "${rest%%:*}" "$pid"
  while [ $polls -gt 0 ] && kill -s 0 "$pid"; do
    sleep 0.1
    polls=$((polls - 1))
  done
  kill -s KILL -- "-$pid"
}

for entry in $listed; do
  stop "$entry" &
done
wait
rm -f "$data/watchdog.pid"
