package slipway.local.queues;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The digests that SQS answers with, and that its clients check. */
final class Digests {
  private Digests() {}

  static String md5(String text) {
    return hex("MD5", text.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(String text) {
    return hex("SHA-256", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Source: SQS developer guide, "Calculating the MD5 message digest for message attributes". */
  static String md5(Map<String, Map<String, String>> attributes) {
    var bytes = new ByteArrayOutputStream();
    new TreeMap<>(attributes)
        .forEach(
            (name, attribute) -> {
              part(bytes, name);
              part(bytes, attribute.get("DataType"));
              bytes.write(1);
              part(bytes, attribute.getOrDefault("StringValue", ""));
            });
    return hex("MD5", bytes.toByteArray());
  }

  private static void part(ByteArrayOutputStream bytes, String text) {
    var part = text.getBytes(StandardCharsets.UTF_8);
    bytes.writeBytes(ByteBuffer.allocate(4).putInt(part.length).array());
    bytes.writeBytes(part);
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
