-- A process says which sessions are in a topic, and which no longer: once, however often the same list is sent.
--
-- KEYS 1 seats   2 present   3 roll
-- ARGV 1 PROCESS.GENERATION   2 the list's number: it grows with each of the process
--      3 the epoch of a roll that begins   4 the topic's channel   5 how long all is kept, in ms
--      6 what channels of processes begin with   7 the topic
--      and for each session five: what is said, the session, the member's index, the user, the stamp.
--      What is said: "l" that it leaves; "e" that it has come, as was wished at the stamp, which the process only estimates; "h" that it
--      has been there since the stamp. Neither holds if it went elsewhere since
-- Returns of each session the stamp of its seat; 0 if it has none with this process.

local LATE = 1000000 -- how much later than a wish a word is that counts for more: clocks differ, and sessions move fast

local process = string.match(ARGV[1], '^[^.]+')
local last = redis.call('HGET', KEYS[3], 'p:' .. process)
local again = last and tonumber(ARGV[2]) <= tonumber(last)
local time = micros()
local stamps = {}

local function leave(session, seat)
    if seat and seat.process == process then
        redis.call('HDEL', KEYS[1], session)
        count(KEYS[2], seat.user, -1)
    end
    return 0
end

local function enter(session, seat, index, user, stamp)
    redis.call('HSET', KEYS[1], session, number(stamp) .. ' ' .. ARGV[1] .. '/' .. index .. ' ' .. user)
    if not seat then
        count(KEYS[2], user, 1)
    elseif seat.process ~= process then
        redis.call('PUBLISH', ARGV[6] .. seat.process .. '}:presence', number(stamp) .. ' ' .. session .. ' ' .. ARGV[7])
    end
    return stamp
end

for i = 8, #ARGV, 5 do
    local said, session, index, user, stamp = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], tonumber(ARGV[i + 4])
    local seat = parse(redis.call('HGET', KEYS[1], session))
    local now = 0
    if again then
        now = seat and seat.process == process and seat.stamp or 0
    elseif said == 'l' then
        now = leave(session, seat)
    elseif said == 'e' and not (seat and seat.process ~= process and seat.stamp > stamp + LATE) then
        now = enter(session, seat, index, user, seat and math.max(time, seat.stamp + 1) or time)
    elseif said == 'h' and (not seat or seat.stamp <= stamp) then
        now = enter(session, seat, index, user, stamp)
    elseif said == 'h' and seat.process == process then
        now = enter(session, seat, index, user, seat.stamp)
    end
    stamps[#stamps + 1] = number(now)
end

redis.call('HSET', KEYS[3], 'p:' .. process, again and last or ARGV[2])
tell(KEYS[3], ARGV[4], ARGV[3], ARGV[5])
return stamps
