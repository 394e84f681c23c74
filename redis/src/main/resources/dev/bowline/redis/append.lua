-- Appends messages to a log and tells the nodes that follow it: in one step, and each once, however often it is tried.
--
-- KEYS 1 state   2 messages   3 the publishers' last numbers (hash)   4 since when (sorted set)
-- ARGV 1 now, in ms; empty for the server's clock   2 the epoch of a log that begins
--      3 what subscribers call the topic   4 most messages   5 most bytes   6 greatest age, in ms
--      7 how long publishers are remembered   8 how long the log is, behind its greatest age
--      9 the channel of those who follow
--      and for each message four: the payload behind "t" or "b"; the key behind "k", empty for none; who publishes; the number that it
--      gives to this message
-- Returns the epoch, and of each message the offset; 0 where it is not known whether it was there.
--
-- Of a publisher is kept "NUMBER OFFSET" of the message with its highest number; and behind it LATE, the offset of the last one that came
-- with a lower number, if there was one.
--
-- A Redis that is full refuses a script's first write, and no later one: so the first here is one that it would refuse.

local now = clock(ARGV[1])
local log = open(KEYS[1], ARGV[2])
log.name, log.maxAge = ARGV[3], tonumber(ARGV[6])

local publishers = {}

local function publisher(id)
    local known = publishers[id]
    if not known then
        local highest, offset, late = string.match(redis.call('HGET', KEYS[3], id) or '', '^(%d+) (%d+) ?(%d*)$')
        known = { highest = tonumber(highest or '0'), offset = tonumber(offset or '0'), late = tonumber(late or '') or 0 }
        publishers[id] = known
    end
    return known
end

-- The offset of a message that is not its publisher's last; nil if it is not kept.
local function find(origin, known)
    local before = math.max(known.offset - 1, known.late)
    while before >= log.first do
        local older = redis.call('XREVRANGE', KEYS[2], number(before) .. '-0', '-', 'COUNT', 100)
        for _, message in ipairs(older) do
            if fields(message).o == origin then
                return tonumber(string.match(message[1], '%d+'))
            end
        end
        before = #older == 100 and tonumber(string.match(older[100][1], '%d+')) - 1 or 0
    end
    return nil
end

local added, lengths = {}, {}

-- Returns the offset.
local function append(payload, key, id, its)
    local origin = id .. ' ' .. its
    local known = publisher(id)
    if tonumber(its) == known.highest then
        return known.offset
    end
    local late = tonumber(its) < known.highest
    if late then
        local found = find(origin, known)
        if found then
            return found
        elseif log.first > 1 or redis.call('XLEN', KEYS[2]) < log.last then
            return 0 -- if it was there, it is not kept any more
        end
    end
    log.last = log.last + 1
    local offset = number(log.last)
    local size = 5 + #log.name + #offset + (#payload > 1 and #payload or 0) -- of the message "pub NAME OFFSET" and its payload
    redis.call('XADD', KEYS[2], offset .. '-0', 't', number(now), 's', size, 'p', payload, 'k', key, 'o', origin)
    log.bytes = log.bytes + size
    if late then
        known.late = log.last
    else
        known.highest, known.offset = tonumber(its), log.last
    end
    known.changed = true
    added[#added + 1] = key .. payload
    lengths[#lengths + 1] = #key .. ' ' .. #payload
    return log.last
end

local offsets = { log.epoch }
for i = 10, #ARGV, 4 do
    offsets[#offsets + 1] = number(append(ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]))
end
if #added == 0 then
    return offsets
end
redis.call('HSET', KEYS[1], 'end', number(log.last), 'bytes', number(log.bytes), 'name', log.name, 'maxAge', ARGV[6])
trim(log, KEYS[1], KEYS[2], tonumber(ARGV[4]), tonumber(ARGV[5]), now)

for id, known in pairs(publishers) do
    if known.changed then
        local late = known.late > 0 and ' ' .. number(known.late) or ''
        redis.call('HSET', KEYS[3], id, number(known.highest) .. ' ' .. number(known.offset) .. late)
        redis.call('ZADD', KEYS[4], now, id)
    end
end
for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', now - tonumber(ARGV[7]), 'LIMIT', 0, 2 * #added)) do
    redis.call('ZREM', KEYS[4], old)
    redis.call('HDEL', KEYS[3], old)
end

local keep = number(log.maxAge + tonumber(ARGV[8]))
for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, keep)
end
local former = log.former == '' and '-' or log.former
redis.call(
    'PUBLISH',
    ARGV[9],
    table.concat(
        { log.epoch, number(log.first), former, log.name, number(log.last - #added + 1), table.concat(lengths, ' ') },
        ' '
    ) .. '\n' .. table.concat(added)
)
return offsets
