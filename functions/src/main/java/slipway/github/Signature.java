package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * GitHub's signature of a body: HMAC-SHA256 with the webhook's secret. Source: GitHub's page
 * "Validating webhook deliveries".
 */
final class Signature {
  private static final Pattern FORM = Pattern.compile("sha256=([0-9a-f]{64})");
  private final byte[] digest;

  private Signature(byte[] digest) {
    this.digest = digest;
  }

  /** Reads {@code sha256=} and 64 lower-case hex digits; empty for anything else. */
  static Optional<Signature> parse(String header) {
    var parts = FORM.matcher(header);
    return parts.matches()
        ? Optional.of(new Signature(HexFormat.of().parseHex(parts.group(1))))
        : Optional.empty();
  }

  /** The header of a signed body. */
  static String header(byte[] body, String secret) {
    return "sha256=" + HexFormat.of().formatHex(hmac(body, secret));
  }

  /** Whether this is the signature of the body; takes the same time wherever they differ. */
  boolean signs(byte[] body, String secret) {
    return MessageDigest.isEqual(digest, hmac(body, secret));
  }

  private static byte[] hmac(byte[] body, String secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HmacSHA256, which every Java must have", e);
    }
  }
}
