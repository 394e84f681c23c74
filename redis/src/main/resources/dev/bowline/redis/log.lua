-- What the scripts of a topic's log have in common; it stands before each of them.
--
-- A log is a hash, its state: epoch, begin, end (offsets; end + 1 and end where nothing is kept), bytes, maxAge, name, host, former;
-- and a stream of its messages, whose IDs are OFFSET-0.

local function number(value)
    return string.format('%.0f', value)
end

-- In milliseconds: the node's if it gave one, else the server's own, as nodes' clocks differ.
local function clock(given)
    if given ~= '' then
        return tonumber(given)
    end
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The server's history: another one after a restart, and after a fail-over to a replica.
local function host()
    return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
end

-- The state of a log, which begins in the epoch given if there is none.
-- One that was written in another history may have lost what was acknowledged then. It goes on in a new epoch, and remembers
-- how far the one before it reached: up to there they are one log.
local function open(key, epoch)
    local found = redis.call('HMGET', key, 'epoch', 'begin', 'end', 'bytes', 'maxAge', 'name', 'host', 'former')
    local here = host()
    local log = {
        epoch = found[1],
        first = tonumber(found[2]),
        last = tonumber(found[3]),
        bytes = tonumber(found[4]),
        maxAge = found[5] and tonumber(found[5]),
        name = found[6] or '',
        former = found[8] or ''
    }
    if not log.epoch then
        log.epoch, log.first, log.last, log.bytes = epoch, 1, 0, 0
        redis.call('HSET', key, 'epoch', epoch, 'begin', 1, 'end', 0, 'bytes', 0, 'host', here)
    elseif found[7] ~= here then
        local known = { log.epoch .. ':' .. number(log.last) }
        for one in string.gmatch(log.former, '[^,]+') do
            if #known < 8 then
                known[#known + 1] = one
            end
        end
        log.epoch, log.former = epoch, table.concat(known, ',')
        redis.call('HSET', key, 'epoch', epoch, 'host', here, 'former', log.former)
    end
    return log
end

local function fields(message)
    local named = {}
    for i = 1, #message[2], 2 do
        named[message[2][i]] = message[2][i + 1]
    end
    return named
end

-- Takes the oldest messages out until the log is within its bounds; one alone may have more bytes. Writes the state, if it is another one.
local function trim(log, state, messages, maxCount, maxBytes, now)
    local first, bytes = log.first, log.bytes
    while log.first <= log.last do
        local oldest = redis.call('XRANGE', messages, '-', '+', 'COUNT', 1)[1]
        if not oldest then -- the stream is gone, and the state is not
            log.first, log.bytes = log.last + 1, 0
            break
        end
        local kept = fields(oldest)
        local count = log.last - log.first + 1
        if count <= maxCount and (log.bytes <= maxBytes or count == 1) and now - tonumber(kept.t) <= log.maxAge then
            break
        end
        redis.call('XDEL', messages, oldest[1])
        log.first, log.bytes = log.first + 1, log.bytes - tonumber(kept.s)
    end
    if log.first ~= first or log.bytes ~= bytes then
        redis.call('HSET', state, 'begin', number(log.first), 'bytes', number(log.bytes))
    end
end
