package dev.bowline.websocket.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Whom a certificate is for (RFC 5280 §4.2.1.6). The common name has no say in that any more (RFC 9525 §2). */
final class SubjectNames {
    private static final int DNS_NAME = 2; // tags of GeneralName
    private static final int IP_ADDRESS = 7;

    private static final int DESCRIBED = 4;

    private SubjectNames() {}

    /** The DNS names, in lower case. */
    static List<String> dns(X509Certificate certificate) {
        return names(certificate, List.of(DNS_NAME));
    }

    /** The DNS names and IP addresses in a few words; where there are none, the subject. */
    static String describe(X509Certificate certificate) {
        List<String> names = names(certificate, List.of(DNS_NAME, IP_ADDRESS));
        if (names.isEmpty()) {
            return certificate.getSubjectX500Principal().getName();
        }
        String first = names.stream().limit(DESCRIBED).collect(Collectors.joining(", "));
        return names.size() > DESCRIBED ? first + " and " + (names.size() - DESCRIBED) + " more" : first;
    }

    private static List<String> names(X509Certificate certificate, List<Integer> kinds) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> kinds.contains(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of(); // the peer will find none either
        }
    }
}
