-- Takes the seats of a process that is gone out of a topic: some at a time, so that others need not wait for long.
--
-- KEYS 1 seats   2 present   3 roll
-- ARGV 1 PROCESS.GENERATION   2 the cursor, 0 at first   3 the epoch of a roll that begins   4 the topic's channel
--      5 how long all is kept, in ms
-- Returns the next cursor; 0 at the end.

local found = redis.call('HSCAN', KEYS[1], ARGV[2], 'COUNT', 200)
local begin = ARGV[1] .. '/'
for i = 1, #found[2], 2 do
    local seat = parse(redis.call('HGET', KEYS[1], found[2][i])) -- not the scan's word: it may give one twice
    if seat and string.sub(seat.member, 1, #begin) == begin then
        redis.call('HDEL', KEYS[1], found[2][i])
        count(KEYS[2], seat.user, -1)
    end
end
tell(KEYS[3], ARGV[4], ARGV[3], ARGV[5])
return { found[1] }
