package dev.bowline.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private final Deliveries deliveries = new Deliveries();
    private final Deliveries.Receiver ann = deliveries.receiver("ann");

    private void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            deliveries.published("news", i, "text " + i);
        }
    }

    private void tell(int from, int to) {
        for (int i = from; i <= to; i++) {
            ann.message("news", i, "text " + i);
        }
    }

    @Test
    void areRightWhereEachMessageComesOnceAndInOrder() {
        publish(1, 3);
        tell(1, 3);
        assertThatCode(deliveries::awaitComplete).doesNotThrowAnyException();
    }

    @Test
    void mayBeginAnywhere() {
        publish(1, 3);
        tell(3, 3);
        assertThatCode(deliveries::awaitComplete).doesNotThrowAnyException();
    }

    @Test
    void mayLeaveOutWhatIsToldAsAGap() {
        publish(1, 5);
        tell(1, 2);
        ann.gap("news", 3, 4);
        tell(5, 5);
        assertThatCode(deliveries::awaitComplete).doesNotThrowAnyException();
    }

    @Test
    void mayBeginAgainBehindAReset() {
        publish(1, 5);
        tell(1, 2);
        ann.reset("news");
        tell(1, 5);
        assertThatCode(deliveries::awaitComplete).doesNotThrowAnyException();
    }

    @Test
    void lackAMessageThatNothingWasSaidOf() {
        publish(1, 3);
        tell(1, 1);
        tell(3, 3);
        assertThatThrownBy(deliveries::check)
                .isInstanceOf(AssertionError.class)
                .hasMessage("ann was told news 3 behind 1, and no gap");
    }

    @Test
    void haveAMessageTwice() {
        publish(1, 2);
        tell(1, 2);
        tell(2, 2);
        assertThatThrownBy(deliveries::check).hasMessage("ann was told news 2 behind 2");
    }

    @Test
    void haveAGapThatBeginsElsewhere() {
        tell(1, 1);
        ann.gap("news", 3, 4);
        assertThatThrownBy(deliveries::check).hasMessage("ann was told a gap of news from 3 behind 1");
    }

    @Test
    void haveAnotherMessageThanWasPublished() {
        publish(1, 1);
        ann.message("news", 1, "other");
        assertThatThrownBy(deliveries::check).hasMessage("ann was told \"other\" as news 1, which is \"text 1\"");
    }

    @Test
    void areNotComplete() {
        publish(1, 3);
        tell(1, 2);
        assertThatThrownBy(() -> deliveries.awaitComplete(Duration.ofMillis(1)))
                .hasMessage("ann has news up to 2 of 3");
    }

    @Test
    void haveTwoMessagesInOnePlace() {
        deliveries.published("news", 1, "one");
        deliveries.published("news", 1, "other");
        assertThatThrownBy(deliveries::check).hasMessage("news has \"one\" at 1, and \"other\"");
    }
}
