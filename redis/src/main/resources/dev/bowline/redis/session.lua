-- What the scripts of sessions have in common; it stands before each of them.
--
-- A session is a hash: token, user (behind "u"; empty for none), owner (PROCESS.GENERATION/INDEX; empty for nobody), gen (how often the
-- owner has changed), attempt, at (ms of the last keep), heard (number of the latest message to its user that it was told), over (ms when
-- it ends, where nobody has it), lost (it can't go on), host (the history in which all parts were kept); and its parts, each as p:NAME.

local function number(value)
    return string.format('%.0f', value)
end

-- The server's clock, in milliseconds.
local function millis()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The server's history: another one after a restart, and after a fail-over to a replica, which may not have all that was kept.
local function host()
    return string.match(redis.call('INFO', 'replication'), 'master_replid:(%w+)')
end

-- Whether a session is another owner's, or gone, for one who has it in a generation. One of a lower generation has gone back to what it was.
local function isTaken(key, generation, prefix)
    local found = redis.call('HMGET', key, 'gen', 'owner')
    local known = found[1] and tonumber(found[1])
    return not known or known > tonumber(generation)
        or (known == tonumber(generation) and string.sub(found[2], 1, #prefix) ~= prefix)
end

-- Appends the parts of a session to a list: name, value, name, value …
local function parts(key, found)
    local all = redis.call('HGETALL', key)
    for i = 1, #all, 2 do
        if string.sub(all[i], 1, 2) == 'p:' then
            found[#found + 1] = string.sub(all[i], 3)
            found[#found + 1] = all[i + 1]
        end
    end
    return found
end

-- How long ago the latest part was kept.
local function age(key)
    return number(math.max(0, millis() - tonumber(redis.call('HGET', key, 'at'))))
end

local function dropParts(key)
    for _, field in ipairs(redis.call('HKEYS', key)) do
        if string.sub(field, 1, 2) == 'p:' then
            redis.call('HDEL', key, field)
        end
    end
end
