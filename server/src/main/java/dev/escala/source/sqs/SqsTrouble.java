package dev.escala.source.sqs;

import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Says in a sentence what is wrong with a queue, and what to do. */
final class SqsTrouble {

  private SqsTrouble() {}

  /** A short name of the trouble, for metrics. */
  static String code(SdkException failure) {
    return failure instanceof AwsServiceException answer && answer.awsErrorDetails() != null
        ? answer.awsErrorDetails().errorCode()
        : failure.getClass().getSimpleName();
  }

  static String sentence(String queue, SdkException failure) {
    if (failure instanceof QueueDoesNotExistException) {
      return queue + " does not exist. Check the URL, its region and its account.";
    }
    if (failure instanceof AwsServiceException answer && answer.statusCode() == 403) {
      return queue
          + " may not be used. It takes sqs:ReceiveMessage, sqs:DeleteMessage,"
          + " sqs:ChangeMessageVisibility and sqs:GetQueueAttributes on the queue, and kms:Decrypt"
          + " where it is encrypted with a key of yours. SQS says: "
          + failure.getMessage();
    }
    return queue + " does not answer: " + failure.getMessage();
  }
}
