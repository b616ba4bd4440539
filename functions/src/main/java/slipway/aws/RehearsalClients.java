package slipway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.regions.Region;

/**
 * Builds AWS clients for the rehearsal before a SnapStart snapshot: they marshal, sign and read
 * answers as any, but nothing leaves the process, so that even calls with effects can be run.
 */
public final class RehearsalClients {
  private final SdkHttpClient http;

  /** Every request is answered with this JSON; operations ignore members that they do not know. */
  public RehearsalClients(String json) {
    this.http = new Echo(json.getBytes(UTF_8));
  }

  /** Builds a client: {@code rehearsal.build(EcsClient.builder())}. */
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(B builder) {
    return builder
        .httpClient(http)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("rehearsal", "rehearsal")))
        .build();
  }

  private record Echo(byte[] json) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpFullResponse.builder().statusCode(200).build())
              .responseBody(AbortableInputStream.create(new ByteArrayInputStream(json)))
              .build();
        }

        @Override
        public void abort() {
          // There is no connection.
        }
      };
    }

    @Override
    public void close() {
      // There is no connection.
    }
  }
}
