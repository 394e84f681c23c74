-- What the scripts that change who is in a topic have in common; it stands before each of them, behind time.lua.
--
-- seats (hash): session -> "STAMP MEMBER USER". The stamp grows whenever the session is said to be somewhere, so that the latest word
-- is known from an older one that is repeated. A member is PROCESS.GENERATION/INDEX.
-- present (hash): user -> how many seats.
-- roll (hash): epoch and number of the last change that was told; p:PROCESS -> the number of the last list of wishes it has sent.

local changes = {}

local function count(present, user, by)
    local seats = redis.call('HINCRBY', present, user, by)
    if by > 0 and seats == 1 then
        changes[#changes + 1] = '+' .. user
    elseif by < 0 and seats <= 0 then
        redis.call('HDEL', present, user)
        changes[#changes + 1] = '-' .. user
    end
end

local function parse(seat)
    if not seat then
        return nil
    end
    local stamp, member, user = string.match(seat, '^(%d+) (%S+) (.*)$')
    return { stamp = tonumber(stamp), member = member, process = string.match(member, '^[^.]+'), user = user }
end

-- Tells what has changed, under the next number: who sees every number has missed nothing.
local function tell(roll, channel, epoch, keep)
    if #changes > 0 then
        local known = redis.call('HGET', roll, 'epoch')
        if not known then
            redis.call('HSET', roll, 'epoch', epoch)
        end
        local next = redis.call('HINCRBY', roll, 'number', 1)
        redis.call('PUBLISH', channel, (known or epoch) .. ' ' .. number(next) .. '\n' .. table.concat(changes, '\n'))
    end
    for _, key in ipairs(KEYS) do
        redis.call('PEXPIRE', key, keep)
    end
end
