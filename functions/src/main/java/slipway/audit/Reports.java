package slipway.audit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import slipway.aws.Clients;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reports in an S3 bucket. */
final class Reports implements Archive {
  private final S3Client s3;
  private final String bucket;

  Reports(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  /**
   * Reports are small: they go out whole, with their checksum in a header, not in signed chunks.
   */
  static S3Client client(S3ClientBuilder builder) {
    return Clients.build(builder.serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false)));
  }

  @Override
  public Optional<String> read(String key) {
    try {
      return Optional.of(s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String());
    } catch (NoSuchKeyException _) {
      return Optional.empty();
    } catch (S3Exception e) {
      if (e.statusCode() != 403) throw e;
      throw new IllegalStateException(
          "may not read %s: grant s3:GetObject, and s3:ListBucket, without which S3 answers the same for an object that is not there"
              .formatted(place(key)),
          e);
    }
  }

  @Override
  public void write(String key, String contentType, String text) {
    s3.putObject(
        put -> put.bucket(bucket).key(key).contentType(contentType),
        RequestBody.fromString(text, StandardCharsets.UTF_8));
  }

  @Override
  public String place(String key) {
    return "s3://" + bucket + "/" + key;
  }
}
