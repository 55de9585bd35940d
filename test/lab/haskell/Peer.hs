-- A client or server on Haskell's tls: peer client|server PORT [key=value...]
--
--   name=HOST    client: asked for in SNI and checked;  check=no    it accepts any certificate
--   trust=PEM    authorities;  cert=PEM key=PEM    certificate with its chain, key
--   versions=12,13
--   ask=require  server: requires a client certificate, and looks at it
--
-- SPDX-License-Identifier: GPL-2.0-or-later
{-# LANGUAGE OverloadedStrings #-}
module Main (main) where

import Control.Exception (SomeException, try)
import Control.Monad (forever, unless)
import qualified Data.ByteString as B
import qualified Data.ByteString.Lazy as L
import Data.Default.Class (def)
import Data.Maybe (fromJust)
import qualified Data.X509 as X509
import Data.X509.CertificateStore (CertificateStore, readCertificateStore)
import Data.X509.Validation (FailedReason (..), ValidationChecks (..), defaultChecks, defaultHooks, validate)
import Network.Socket
import Network.TLS
import Network.TLS.Extra.Cipher (ciphersuite_default)
import System.Environment (getArgs)
import System.IO (BufferMode (LineBuffering), hSetBuffering, stdout)

type Options = [(String, String)]

main :: IO ()
main = do
    hSetBuffering stdout LineBuffering
    side : port : words' <- getArgs
    let options = [(k, drop 1 v) | w <- words', let (k, v) = break (== '=') w]
    store <- maybe (return mempty) (fmap fromJust . readCertificateStore) (lookup "trust" options)
    credentials <- case (lookup "cert" options, lookup "key" options) of
        (Just cert, Just key) -> either error (\c -> Credentials [c]) <$> credentialLoadX509 cert key
        _ -> return (Credentials [])
    let address = SockAddrInet (fromIntegral (read port :: Int)) (tupleToHostAddress (127, 0, 0, 1))
    socket' <- socket AF_INET Stream defaultProtocol
    setSocketOption socket' NoDelay 1
    if side == "client"
        then connect socket' address >> client socket' options store credentials
        else do
            setSocketOption socket' ReuseAddr 1
            bind socket' address
            listen socket' 4
            forever (accept socket' >>= \(s, _) -> server s options store credentials)

versions :: Options -> [Version]
versions options = case lookup "versions" options of
    Just "12" -> [TLS12]
    Just "13" -> [TLS13]
    _ -> [TLS13, TLS12]

supported :: Options -> Supported
supported options = def { supportedCiphers = ciphersuite_default, supportedVersions = versions options }

client :: Socket -> Options -> CertificateStore -> Credentials -> IO ()
client s options store credentials = do
    let name = maybe "" id (lookup "name" options)
        base = defaultParamsClient name ""
        hooks = (clientHooks base)
            { onCertificateRequest = \_ -> return (case credentials of Credentials (c : _) -> Just c; _ -> Nothing) }
        params = base
            { clientSupported = supported options
            , clientShared = def { sharedCAStore = store, sharedCredentials = credentials }
            , clientHooks = if lookup "check" options == Just "no" then hooks { onServerCertificate = \_ _ _ _ -> return [] } else hooks }
    context <- contextNew s params
    talk context s $ do
        sendData context "hello\n"
        recvData context >>= \got -> putStrLn ("got " ++ show (B.length got) ++ " bytes")

server :: Socket -> Options -> CertificateStore -> Credentials -> IO ()
server s options store credentials = do
    let asks = lookup "ask" options == Just "require"
        judge chain = validate X509.HashSHA256 defaultHooks (defaultChecks { checkFQHN = False }) store def ("", "") chain
        params = def
            { serverWantClientCert = asks
            , serverSupported = supported options
            , serverShared = def { sharedCAStore = store, sharedCredentials = credentials }
            , serverHooks = def { onClientCertificate = \chain -> verdict <$> judge chain } }
    context <- contextNew s params
    talk context s (echo context)
  where
    verdict :: [FailedReason] -> CertificateUsage
    verdict [] = CertificateUsageAccept
    verdict reasons
        | UnknownCA `elem` reasons = CertificateUsageReject CertificateRejectUnknownCA
        | Expired `elem` reasons = CertificateUsageReject CertificateRejectExpired
        | otherwise = CertificateUsageReject (CertificateRejectOther (show reasons))

echo :: Context -> IO ()
echo context = do
    got <- recvData context
    unless (B.null got) (sendData context (L.fromStrict got) >> echo context)

-- One connection, with what comes of it.
talk :: Context -> Socket -> IO () -> IO ()
talk context s after = do
    result <- try (handshake context >> putStrLn "handshake was completed" >> after >> bye context) :: IO (Either SomeException ())
    either (\e -> putStrLn ("error: " ++ show e)) return result
    close s
