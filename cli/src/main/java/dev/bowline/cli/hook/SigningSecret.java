package dev.bowline.cli.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs what is posted, as Standard Webhooks has it. Shows itself to nobody. Immutable. */
public final class SigningSecret {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final Pattern BASE64 =
            Pattern.compile("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==)?|[A-Za-z0-9+/]{3}=?)?");
    private static final int MIN_BYTES = 24; // of Standard Webhooks

    private final SecretKeySpec key;

    private SigningSecret(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * A secret.
     *
     * @param text {@code whsec_} and the key in Base64, or any text, whose UTF-8 is the key
     * @throws IllegalArgumentException for a key of less than 24 bytes, and for what is no Base64; without the secret
     */
    public static SigningSecret of(String text) {
        byte[] key = text.startsWith(PREFIX)
                ? decode(text.substring(PREFIX.length()))
                : text.getBytes(StandardCharsets.UTF_8);
        if (key.length < MIN_BYTES) {
            throw new IllegalArgumentException("the key has " + key.length + " bytes, must have at least " + MIN_BYTES);
        }
        return new SigningSecret(key);
    }

    private static byte[] decode(String base64) {
        if (!BASE64.matcher(base64).matches()) { // the decoder would show what it does not like
            throw new IllegalArgumentException("what stands behind whsec_ is no Base64");
        }
        return Base64.getDecoder().decode(base64);
    }

    /**
     * The value of the header {@code webhook-signature}.
     *
     * @param timestamp in seconds since 1970
     */
    String sign(String id, long timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each Java has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "…";
    }
}
