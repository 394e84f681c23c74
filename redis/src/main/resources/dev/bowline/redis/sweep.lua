-- Takes the seats of a process that is gone out of a topic: some at a time, so that others need not wait for long.
--
-- KEYS 1 seats   2 present   3 roll
-- ARGV 1 PROCESS   2 the cursor, 0 at first   3 the epoch of a roll that begins   4 the topic's channel
--      5 how long all is kept, in ms   6 its last generation that is gone; empty if nothing more is to come of it at all
-- Returns the next cursor; 0 at the end.

local found = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', 200)
local last = ARGV[6] == '' and math.huge or tonumber(ARGV[6])
for i = 1, #found[2], 2 do
    local seat = parse(redis.call('HGET', KEYS[1], found[2][i])) -- not the scan's word: it may give one twice
    if seat and seat.process == ARGV[1] and tonumber(string.match(seat.member, '%.(%d+)/')) <= last then
        redis.call('HDEL', KEYS[1], found[2][i])
        count(KEYS[2], seat.user, -1)
    end
end
if found[1] == '0' and ARGV[6] == '' then
    redis.call('HDEL', KEYS[3], 'p:' .. ARGV[1])
end
tell(KEYS[3], ARGV[4], ARGV[3], ARGV[5])
return { found[1] }
