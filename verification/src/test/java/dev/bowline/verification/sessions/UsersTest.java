package dev.bowline.verification.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bowline.realtime.Delivery;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sections 6.4 and 6.5: mailboxes, how far they are read, and who is there. */
@Tag("once")
class UsersTest extends OwnServerClauses {
    private Delivery mail(String text) {
        Delivery delivery = hub().user("42").send(text);
        HubUnderTest.get(delivery.stored());
        return delivery;
    }

    private static Set<String> users(SpecMessage here) {
        assertThat(here.lines().keySet()).isSubsetOf("user");
        return Set.copyOf(here.lines().getOrDefault("user", List.of()).stream()
                .map(fields -> fields.get(0))
                .toList());
    }

    /** Who else is there; the user is among them, or is told of herself as of others who come. */
    private static Set<String> seesHerself(SpecClient client, String user) {
        Set<String> here = users(client.await("here open.room"));
        if (!here.contains(user)) {
            client.await("join open.room " + user);
        }
        return here;
    }

    @Test
    void everyDeviceHasTheMailboxWithItsOwnCursor() {
        mail("before");
        SpecClient laptop = begin("42");
        SpecClient phone = begin("42");
        SpecClient stranger = begin("43");
        laptop.does("sub # $mailbox last 10");
        phone.does("sub # $mailbox");
        stranger.does("sub # $mailbox last 10");
        assertThat(laptop.await("pub $mailbox 1").text()).isEqualTo("before");
        Delivery live = mail("live");
        assertThat(laptop.await("pub $mailbox 2").text()).isEqualTo("live");
        assertThat(phone.await("pub $mailbox 2").text()).isEqualTo("live");
        phone.await("at $mailbox * 1");
        laptop.expectPong();
        phone.expectPong();
        HubUnderTest.get(live.received());
        stranger.await("at $mailbox * 0");
        stranger.expectNothingElse();
    }

    @Test
    void aMailboxGoesOnAfterAResume() {
        SpecClient client = begin("42");
        client.does("sub # $mailbox");
        mail("1");
        client.await("pub $mailbox 1");
        client.cut();
        mail("2");
        SpecClient back = comeBack(client);
        back.next("at $mailbox * 1");
        back.next("pub $mailbox 2");
    }

    @Test
    @DisplayName(
            "how far the user has read is told to every device that is subscribed, now or later; the highest counts")
    void readMarks() {
        mail("1");
        mail("2");
        SpecClient laptop = begin("42");
        SpecClient phone = begin("42");
        laptop.does("sub # $mailbox");
        phone.does("sub # $mailbox");
        laptop.does("read # 2");
        assertThat(laptop.await("msg * $read").text()).isEqualTo("2");
        assertThat(phone.await("msg * $read").text()).isEqualTo("2");
        phone.does("read # 1");
        SpecClient tablet = begin("42");
        tablet.does("sub # $mailbox");
        assertThat(tablet.await("msg * $read").text()).isEqualTo("2");
    }

    @Test
    void whoIsThereIsToldBehindTheResult() {
        SpecClient ada = begin("ada");
        assertThat(ada.command("sub # open.room presence")).isEqualTo(1);
        ada.await("ok 1 1");
        seesHerself(ada, "ada");
        SpecClient bob = begin("bob");
        bob.does("sub # open.room");
        ada.await("join open.room bob");
        SpecClient carol = begin("carol");
        carol.does("sub # open.room presence");
        assertThat(seesHerself(carol, "carol")).contains("ada", "bob");
    }

    @Test
    @DisplayName("a user joins once and leaves once, however many devices")
    void oncePerUser() {
        SpecClient ada = begin("ada");
        ada.does("sub # open.room presence");
        seesHerself(ada, "ada");
        SpecClient laptop = begin("bob");
        SpecClient phone = begin("bob");
        laptop.does("sub # open.room");
        phone.does("sub # open.room");
        ada.await("join open.room bob");
        laptop.does("unsub # open.room");
        laptop.does("send # note\nx"); // a moment for what must not come
        phone.say("bye");
        phone.expectClose(1000);
        ada.await("leave open.room bob");
        ada.await("at open.room * 0");
        ada.expectNothingElse();
        server().told.expect("x");
    }

    @Test
    void aTunnelIsNoLeave() {
        SpecClient ada = begin("ada");
        ada.does("sub # open.room presence");
        seesHerself(ada, "ada");
        SpecClient bob = begin("bob");
        bob.does("sub # open.room presence");
        ada.await("join open.room bob");
        SpecClient back = comeBack(bob);
        assertThat(users(back.await("here open.room"))).containsExactlyInAnyOrder("ada", "bob");
        ada.await("at open.room * 0");
        ada.expectNothingElse();
    }

    @Test
    void onlyTopicsHavePresenceAndOnlyUsersAreThere() {
        SpecClient nobody = begin();
        nobody.does("sub # open.room presence");
        assertThat(users(nobody.await("here open.room"))).isEmpty();
        nobody.isRefused("sub # open.* presence", "bad-request");
        begin("42").isRefused("sub # $mailbox presence", "bad-request");
        SpecClient pattern = begin("43");
        pattern.does("sub # open.*"); // which is not by name
        pattern.does("unsub # open.*");
        nobody.await("at open.room * 0");
        nobody.expectNothingElse();
    }
}
