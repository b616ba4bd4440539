package slipway.local.buckets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;
import slipway.local.cloud.Place;
import slipway.local.cloud.Wire;
import slipway.local.stack.Change;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Resource;

/** S3 with path-style addresses; objects are files below one folder. */
public final class Buckets implements AwsService, Provisioner {
  private final Path root;
  private final String stack;
  private final Map<String, Path> buckets = new ConcurrentHashMap<>();
  private final Map<Path, String> contentTypes = new ConcurrentHashMap<>();

  private record Address(String bucket, String key) {
    static Address of(String path) {
      var slash = path.indexOf('/', 1);
      return slash < 0
          ? new Address(path.substring(1), "")
          : new Address(path.substring(1, slash), path.substring(slash + 1));
    }
  }

  public Buckets(Path root, String stack) {
    this.root = root;
    this.stack = stack;
  }

  @Override
  public String name() {
    return "s3";
  }

  /** Where a bucket's objects lie: a folder whose files are named by key. */
  public Path folder(String bucket) {
    var folder = buckets.get(bucket);
    if (folder == null)
      throw new AwsError(
          404, "NoSuchBucket", "The specified bucket does not exist: '" + bucket + "'");
    return folder;
  }

  @Override
  public String operation(String method, String path, AwsCall raw) {
    var object = !Address.of(path).key().isEmpty();
    return switch (method) {
      case "PUT" -> object ? "PutObject" : "CreateBucket";
      case "GET" ->
          object ? "GetObject" : raw.query().containsKey("list-type") ? "ListObjectsV2" : "";
      case "HEAD" -> object ? "HeadObject" : "HeadBucket";
      case "DELETE" -> object ? "DeleteObject" : "DeleteBucket";
      default -> "";
    };
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    var address = Address.of(call.path());
    var bucket = "arn:aws:s3:::" + address.bucket();
    return switch (call.operation()) {
      // Source: S3's service authorization reference: names of actions are not those of the API.
      case "GetObject", "HeadObject" -> {
        var get = new Permission("s3:GetObject", bucket + "/" + address.key());
        // Who may not list a bucket is not told that a key is not in it: refused, as all else is.
        yield lacks(address) ? List.of(get, new Permission("s3:ListBucket", bucket)) : List.of(get);
      }
      case "ListObjectsV2", "HeadBucket" -> List.of(new Permission("s3:ListBucket", bucket));
      default ->
          List.of(
              new Permission(
                  "s3:" + call.operation(),
                  address.key().isEmpty() ? bucket : bucket + "/" + address.key()));
    };
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var address = Address.of(call.path());
    try {
      return switch (call.operation()) {
        case "PutObject" -> put(address, call);
        case "GetObject", "HeadObject" -> get(address);
        case "ListObjectsV2" -> list(address.bucket(), call);
        case "DeleteObject" -> {
          Files.deleteIfExists(file(address));
          yield new AwsAnswer(204, Map.of(), new byte[0]);
        }
        case "HeadBucket" -> {
          folder(address.bucket());
          yield new AwsAnswer(200, Map.of("x-amz-bucket-region", Place.REGION), new byte[0]);
        }
        default -> throw FrontDoor.notPlayed(call);
      };
    } catch (NoSuchFileException _) {
      throw new AwsError(
          404, "NoSuchKey", "The specified key does not exist: '" + address.key() + "'");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach object " + address, e);
    }
  }

  private boolean lacks(Address address) {
    return buckets.containsKey(address.bucket()) && !Files.exists(file(address));
  }

  private Path file(Address address) {
    var folder = folder(address.bucket());
    var file = folder.resolve(address.key()).normalize();
    if (!file.startsWith(folder))
      throw new AwsError(400, "InvalidArgument", "key '" + address.key() + "' leaves the bucket");
    return file;
  }

  private AwsAnswer put(Address address, AwsCall call) throws IOException {
    var file = file(address);
    Files.createDirectories(file.getParent());
    Files.write(file, call.body());
    contentTypes.put(file, call.headers().getOrDefault("content-type", "application/octet-stream"));
    return new AwsAnswer(200, Map.of("ETag", tag(call.body())), new byte[0]);
  }

  private AwsAnswer get(Address address) throws IOException {
    var file = file(address);
    var bytes = Files.readAllBytes(file);
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", contentTypes.getOrDefault(file, "application/octet-stream"));
    headers.put("ETag", tag(bytes));
    headers.put(
        "Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            Files.getLastModifiedTime(file).toInstant().atOffset(ZoneOffset.UTC)));
    return new AwsAnswer(200, headers, bytes);
  }

  private AwsAnswer list(String bucket, AwsCall call) throws IOException {
    var folder = folder(bucket);
    var prefix = call.query().getOrDefault("prefix", List.of("")).getFirst();
    var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult>");
    var count = 0;
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var key = folder.relativize(file).toString();
        if (!key.startsWith(prefix)) continue;
        count++;
        xml.append(
            "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
                .formatted(
                    Wire.escape(key),
                    Files.getLastModifiedTime(file).toInstant(),
                    tag(Files.readAllBytes(file)),
                    Files.size(file)));
      }
    }
    xml.append(
        "<Name>%s</Name><Prefix>%s</Prefix><KeyCount>%d</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"
            .formatted(bucket, Wire.escape(prefix), count));
    return AwsAnswer.xml(xml.toString());
  }

  private static String tag(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return "\"%08x%024x\"".formatted(crc.getValue(), bytes.length);
  }

  @Override
  public Set<String> types() {
    return Set.of("AWS::S3::Bucket");
  }

  @Override
  public Made make(Resource resource) {
    var name =
        resource
            .properties()
            .at("BucketName")
            .optionalText()
            .orElse(resource.generatedName(stack).toLowerCase(Locale.ROOT));
    try {
      buckets.put(name, Files.createDirectories(root.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder of bucket " + name, e);
    }
    return new Made(
        name,
        Map.of(
            "Arn", "arn:aws:s3:::" + name,
            "DomainName", name + ".s3.amazonaws.com",
            "RegionalDomainName", name + ".s3." + Place.REGION + ".amazonaws.com"));
  }

  /** Rules and settings that show nowhere here. */
  @Override
  public Made update(Change change) {
    return change.made();
  }

  @Override
  public void delete(Resource resource, Made made) {
    var folder = folder(made.ref());
    try (var objects = Files.walk(folder)) {
      if (objects.anyMatch(Files::isRegularFile))
        throw new IllegalStateException("The bucket you tried to delete is not empty");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into bucket " + made.ref(), e);
    }
    buckets.remove(made.ref());
  }

  @Override
  public List<String> existing() {
    return buckets.keySet().stream().map(name -> "arn:aws:s3:::" + name).toList();
  }
}
