-- Behind which offset a log has grown since a time.
--
-- KEYS 1 state   2 messages
-- ARGV 1 the epoch of a log that begins   2 the time, in ms
-- Returns epoch, name, the offset (0 where messages of that time may be gone), and the log's end.

local log = open(KEYS[1], ARGV[1])
local since = tonumber(ARGV[2])
local before = log.last
while before >= log.first do
    local older = redis.call('XREVRANGE', KEYS[2], number(before) .. '-0', '-', 'COUNT', 64)
    if #older == 0 then
        break
    end
    for _, message in ipairs(older) do
        if tonumber(fields(message).t) <= since then
            return { log.epoch, log.name, string.match(message[1], '%d+'), number(log.last) }
        end
        before = tonumber(string.match(message[1], '%d+')) - 1
    end
end
return { log.epoch, log.name, '0', number(log.last) }
