package dev.bowline.session.server;

import dev.bowline.session.engine.Bus;
import dev.bowline.session.engine.Callback;
import dev.bowline.session.engine.Engine;
import dev.bowline.session.engine.Failure;
import dev.bowline.session.engine.Log;
import dev.bowline.session.engine.Membership;
import dev.bowline.session.engine.NodePort;
import dev.bowline.session.engine.Presence;
import dev.bowline.session.engine.SessionStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * An engine that does one thing late, when a test says so, or not at all, as those of another machine do. Else it is the one behind it.
 */
final class HeldEngine implements Engine {
    private final Engine engine;
    private final Class<?> part;
    private final String what;
    private final Deque<Call> held = new ArrayDeque<>();
    private boolean holding;

    private record Call(Object target, Method method, List<Object> arguments) {
        Object make() {
            try {
                return method.invoke(target, arguments.toArray());
            } catch (InvocationTargetException e) {
                throw new AssertionError(e.getCause());
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }

        void fail() {
            ((Callback<?>) arguments.get(arguments.size() - 1))
                    .failed(new Failure(Failure.UNAVAILABLE, "out of reach"));
        }
    }

    /**
     * @param part of a membership, whose method is held
     * @param what the method's name
     */
    HeldEngine(Engine engine, Class<?> part, String what) {
        this.engine = engine;
        this.part = part;
        this.what = what;
    }

    void hold() {
        holding = true;
    }

    int waiting() {
        return held.size();
    }

    /** Does the first that waits. */
    void answer() {
        held.removeFirst().make();
    }

    void fail() {
        held.removeFirst().fail();
    }

    /** Does all that waits, and from now on everything at once. */
    void goOn() {
        holding = false;
        while (!held.isEmpty()) {
            answer();
        }
    }

    @Override
    public Membership join(NodePort node) {
        Membership member = engine.join(node);
        Log log = late(Log.class, member.log());
        SessionStore sessions = late(SessionStore.class, member.sessions());
        Presence presence = late(Presence.class, member.presence());
        Bus bus = late(Bus.class, member.bus());
        return new Membership() {
            @Override
            public Log log() {
                return log;
            }

            @Override
            public SessionStore sessions() {
                return sessions;
            }

            @Override
            public Presence presence() {
                return presence;
            }

            @Override
            public Bus bus() {
                return bus;
            }

            @Override
            public String process() {
                return member.process();
            }

            @Override
            public boolean isAlive(String process) {
                return member.isAlive(process);
            }

            @Override
            public void leave() {
                member.leave();
            }
        };
    }

    private <T> T late(Class<T> type, T target) {
        if (type != part) {
            return target;
        }
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Call call = new Call(target, method, Arrays.asList(arguments));
                    if (holding && method.getName().equals(what)) {
                        held.addLast(call);
                        return null;
                    }
                    return call.make();
                }));
    }
}
