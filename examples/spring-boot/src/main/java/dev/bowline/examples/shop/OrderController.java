package dev.bowline.examples.shop;

import dev.bowline.realtime.Hub;
import java.util.concurrent.CompletionStage;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What becomes of orders, as the shop's staff says. */
@RestController
class OrderController {
    private final Hub hub;

    OrderController(Hub hub) {
        this.hub = hub;
    }

    /** Whoever follows the order hears it; the answer comes when it is in the log, and will not be lost. */
    @PostMapping("/orders/{id}/status")
    @ResponseStatus(HttpStatus.ACCEPTED)
    CompletionStage<Long> status(@PathVariable("id") String id, @RequestBody String status) {
        return hub.topic("orders." + id).publish(status);
    }
}
