package slipway.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * What AWS's managed runtime brings beside the function.
 *
 * @param classPath the runtime interface client; a function's classes are the client's to load
 * @param nativeLibrary its native part
 * @param logs folder for what the processes write
 */
record RuntimeFiles(String classPath, Path nativeLibrary, Path logs) {
  static final String NATIVE_PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  /**
   * Takes the jars from our own class path, unpacks the native part into the folder, and clears the
   * logs.
   */
  static RuntimeFiles in(Path folder, Path logs) {
    var classPath =
        Stream.of(
                AWSLambda.class,
                RequestHandler.class,
                PojoSerializer.class,
                SdkInternalThreadLocal.class)
            .map(RuntimeFiles::jar)
            .distinct()
            .map(Path::toString)
            .collect(Collectors.joining(":"));
    clear(logs);
    return new RuntimeFiles(classPath, unpack(folder), logs);
  }

  /** What an earlier run left of functions' logs would be read as of this one. */
  private static void clear(Path logs) {
    try (var files = Files.newDirectoryStream(logs, "*.log")) {
      for (var file : files) Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + logs, e);
    }
  }

  private static Path jar(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("where is the jar of " + type + "?", e);
    }
  }

  /**
   * Left to itself, each client unpacks it to the same file in /tmp, under the feet of the others
   * that start at the same time: they crash.
   */
  private static Path unpack(Path folder) {
    var os = System.getProperty("os.name");
    if (!os.equals("Linux"))
      throw new IllegalStateException(
          "the Lambda runtime interface client runs on Linux only, and this is " + os);
    var musl = Files.exists(Path.of("/etc/alpine-release")) ? "_musl" : "";
    var arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    var name = "libaws-lambda-jni.linux" + musl + "-" + arch + ".so";
    try (var bytes = AWSLambda.class.getResourceAsStream("/jni/" + name)) {
      if (bytes == null) throw new IllegalStateException("the client has no jni/" + name);
      Files.createDirectories(folder);
      var file = folder.resolve(name);
      Files.copy(bytes, file);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + name + " to " + folder, e);
    }
  }
}
