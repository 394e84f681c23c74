package dev.bowline.redis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a script has answered. */
final class Reply {
    private Reply() {}

    static String text(List<Object> found, int index) {
        Object one = found.get(index);
        return one instanceof byte[] bytes ? RedisLink.text(bytes) : String.valueOf(one);
    }

    static long number(List<Object> found, int index) {
        return Long.parseLong(text(found, index));
    }

    /** Whether it begins with a 1: it was done. */
    static boolean isDone(List<Object> found) {
        return text(found, 0).equals("1");
    }

    /** Texts, from an index on. */
    static List<String> texts(List<Object> found, int from) {
        return found.subList(from, found.size()).stream()
                .map(one -> RedisLink.text((byte[]) one))
                .toList();
    }

    /** Names and values by turns, from an index on. */
    static Map<String, byte[]> map(List<Object> found, int from) {
        Map<String, byte[]> map = new LinkedHashMap<>();
        for (int i = from; i + 1 < found.size(); i += 2) {
            map.put(text(found, i), (byte[]) found.get(i + 1));
        }
        return map;
    }
}
