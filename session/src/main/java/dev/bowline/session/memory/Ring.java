package dev.bowline.session.memory;

import org.jspecify.annotations.Nullable;

/** A queue whose elements can be got at by their place. Not thread-safe. */
final class Ring<T> {
    private static final int LEAST = 4;

    private @Nullable Object[] elements = new Object[LEAST]; // its length is a power of two
    private int head;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void addLast(T element) {
        if (size == elements.length) {
            resize(size * 2);
        }
        elements[(head + size) & (elements.length - 1)] = element;
        size++;
    }

    /** The element at a place, 0 for the first. */
    @SuppressWarnings("unchecked") // nothing else is put in
    T get(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index is " + index + ", must be from 0 to " + (size - 1));
        }
        return (T) elements[(head + index) & (elements.length - 1)];
    }

    T removeFirst() {
        T first = get(0);
        elements[head] = null;
        head = (head + 1) & (elements.length - 1);
        size--;
        if (elements.length > LEAST
                && size <= elements.length / 4) { // a topic that was busy once does not hold on to it
            resize(elements.length / 2);
        }
        return first;
    }

    private void resize(int length) {
        @Nullable Object[] next = new Object[length];
        int first = Math.min(size, elements.length - head); // up to the end of the array; the rest is at its beginning
        System.arraycopy(elements, head, next, 0, first);
        System.arraycopy(elements, 0, next, first, size - first);
        elements = next;
        head = 0;
    }
}
