package slipway.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import slipway.json.Json;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Sends and receives the JSON itself where the SDK's model classes would lose members that are
 * newer than the SDK. Signing, retries, endpoints and errors stay the SDK's.
 *
 * <p>The client is built with this interceptor; a single call then asks for it in its override
 * configuration: {@code client.describe(r -> r.x(…).overrideConfiguration(RawJson.into(answer)))}.
 */
public final class RawJson implements ExecutionInterceptor {
  private static final ExecutionAttribute<String> BODY =
      new ExecutionAttribute<>("slipway.RawJson.body");
  private static final ExecutionAttribute<AtomicReference<String>> ANSWER =
      new ExecutionAttribute<>("slipway.RawJson.answer");

  /** Replaces the body of one request by this tree of maps, lists and scalars. */
  public static Consumer<AwsRequestOverrideConfiguration.Builder> body(Object tree) {
    return configuration -> configuration.putExecutionAttribute(BODY, Json.write(tree));
  }

  /** Keeps the text of one successful answer, beside what the SDK makes of it. */
  public static Consumer<AwsRequestOverrideConfiguration.Builder> into(
      AtomicReference<String> answer) {
    return configuration -> configuration.putExecutionAttribute(ANSWER, answer);
  }

  /** The SDK has counted the body that it marshalled itself. */
  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var body = attributes.getAttribute(BODY);
    return body == null
        ? context.httpRequest()
        : context.httpRequest().toBuilder()
            .putHeader(
                "Content-Length", String.valueOf(body.getBytes(StandardCharsets.UTF_8).length))
            .build();
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var body = attributes.getAttribute(BODY);
    return body == null
        ? context.requestBody()
        : Optional.of(
            RequestBody.fromContentProvider(
                RequestBody.fromString(body).contentStreamProvider(),
                body.getBytes(StandardCharsets.UTF_8).length,
                "application/x-amz-json-1.1"));
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    var answer = attributes.getAttribute(ANSWER);
    if (answer == null || !context.httpResponse().isSuccessful()) return context.responseBody();
    return context
        .responseBody()
        .map(
            stream -> {
              try (stream) {
                var bytes = stream.readAllBytes();
                answer.set(new String(bytes, StandardCharsets.UTF_8));
                return new ByteArrayInputStream(bytes);
              } catch (IOException e) {
                // The SDK retries what it sees as I/O trouble.
                throw new UncheckedIOException("the answer broke off while it was read", e);
              }
            });
  }
}
