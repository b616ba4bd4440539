package slipway.local.balancer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The certificate that stands for all of ACM's: of 127.0.0.1, signed by itself, made anew in each
 * run by the JDK's keytool.
 *
 * @param context for servers that have it
 */
record SelfSigned(X509Certificate certificate, SSLContext context) {
  private static final String ALIAS = "local";

  static SelfSigned make() {
    var password = UUID.randomUUID().toString();
    try {
      var folder = Files.createTempDirectory("slipway-certificate-");
      var file = folder.resolve("keystore.p12");
      try {
        keytool(file, password);
        var store = KeyStore.getInstance(file.toFile(), password.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new SelfSigned((X509Certificate) store.getCertificate(ALIAS), context);
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a certificate", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot use the certificate that keytool made", e);
    }
  }

  private static void keytool(Path store, String password) throws IOException {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "30",
                "-dname",
                "CN=Slipway on this machine",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "STORE_PASSWORD")
            .redirectErrorStream(true);
    keytool.environment().put("STORE_PASSWORD", password);
    var process = keytool.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) throw new IllegalStateException("keytool failed: " + said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool made a certificate", e);
    }
  }
}
